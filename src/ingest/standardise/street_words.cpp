#include "ingest/standardise/street_words.h"

#include <algorithm>
#include <array>

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;

struct StreetWord {
  std::string_view abbreviation;
  std::string_view full;
};

// What holds whatever the country. Sorted by abbreviation.
constexpr std::array kStreetWords = {
    StreetWord{"al", "allee"},       StreetWord{"all", "allee"},        StreetWord{"aly", "alley"},
    StreetWord{"apdo", "apartado"},  StreetWord{"app", "appartement"},  StreetWord{"appt", "appartement"},
    StreetWord{"apt", "apartment"},  StreetWord{"apto", "apartamento"}, StreetWord{"av", "avenue"},
    StreetWord{"avd", "avenida"},    StreetWord{"avda", "avenida"},     StreetWord{"ave", "avenue"},
    StreetWord{"bat", "batiment"},   StreetWord{"bd", "boulevard"},     StreetWord{"bldg", "building"},
    StreetWord{"blk", "block"},      StreetWord{"blvd", "boulevard"},   StreetWord{"blvr", "bulevar"},
    StreetWord{"bno", "barrio"},     StreetWord{"bvd", "boulevard"},    StreetWord{"bzn", "buzon"},
    StreetWord{"cl", "calle"},       StreetWord{"cll", "calle"},        StreetWord{"clle", "calle"},
    StreetWord{"cno", "camino"},     StreetWord{"cres", "crescent"},    StreetWord{"crt", "court"},
    StreetWord{"crta", "carretera"}, StreetWord{"ct", "court"},         StreetWord{"ctra", "carretera"},
    StreetWord{"dcha", "derecha"},   StreetWord{"edif", "edificio"},    StreetWord{"esc", "escalera"},
    StreetWord{"etg", "etage"},      StreetWord{"expy", "expressway"},  StreetWord{"fbg", "faubourg"},
    StreetWord{"fg", "faubourg"},    StreetWord{"fl", "floor"},         StreetWord{"flr", "floor"},
    StreetWord{"fwy", "freeway"},    StreetWord{"gdns", "gardens"},     StreetWord{"gr", "grove"},
    StreetWord{"grv", "grove"},      StreetWord{"gta", "glorieta"},     StreetWord{"hse", "house"},
    StreetWord{"hwy", "highway"},    StreetWord{"imm", "immeuble"},     StreetWord{"imp", "impasse"},
    StreetWord{"izda", "izquierda"}, StreetWord{"izq", "izquierda"},    StreetWord{"izqda", "izquierda"},
    StreetWord{"ln", "lane"},        StreetWord{"pk", "park"},          StreetWord{"pkwy", "parkway"},
    StreetWord{"pky", "parkway"},    StreetWord{"pl", "plaza"},         StreetWord{"plta", "planta"},
    StreetWord{"plza", "plaza"},     StreetWord{"pol", "poligono"},     StreetWord{"prom", "promenade"},
    StreetWord{"pso", "paseo"},      StreetWord{"pta", "puerta"},       StreetWord{"ptal", "portal"},
    StreetWord{"pza", "plaza"},      StreetWord{"rd", "road"},          StreetWord{"rda", "ronda"},
    StreetWord{"res", "residencia"}, StreetWord{"resid", "residencia"}, StreetWord{"rte", "route"},
    StreetWord{"sq", "square"},      StreetWord{"ste", "suite"},        StreetWord{"stg", "stiege"},
    StreetWord{"str", "strasse"},    StreetWord{"ter", "terrace"},      StreetWord{"terr", "terrace"},
    StreetWord{"tpke", "turnpike"},  StreetWord{"trav", "travesia"},    StreetWord{"trl", "trail"},
    StreetWord{"trva", "travesia"},  StreetWord{"urb", "urbanizacion"}, StreetWord{"whg", "wohnung"},
    StreetWord{"whng", "wohnung"},
};

struct NationalWord {
  std::string_view country;
  StreetWord word;
};
// What a country reads differently.
constexpr std::array kNationalWords = {
    NationalWord{"AR", {"av", "avenida"}}, NationalWord{"AT", {"pl", "platz"}},
    NationalWord{"AU", {"pl", "place"}},   NationalWord{"BE", {"pl", "place"}},
    NationalWord{"CA", {"pl", "place"}},   NationalWord{"CH", {"pl", "platz"}},
    NationalWord{"CL", {"av", "avenida"}}, NationalWord{"CO", {"av", "avenida"}},
    NationalWord{"DE", {"pl", "platz"}},   NationalWord{"ES", {"av", "avenida"}},
    NationalWord{"ES", {"c", "calle"}},    NationalWord{"ES", {"p", "paseo"}},
    NationalWord{"FR", {"ch", "chemin"}},  NationalWord{"FR", {"pl", "place"}},
    NationalWord{"FR", {"r", "rue"}},      NationalWord{"FR", {"res", "residence"}},
    NationalWord{"FR", {"ste", "sainte"}}, NationalWord{"FR", {"ter", "ter"}},
    NationalWord{"GB", {"pl", "place"}},   NationalWord{"IE", {"pl", "place"}},
    NationalWord{"MX", {"av", "avenida"}}, NationalWord{"PE", {"av", "avenida"}},
    NationalWord{"US", {"pl", "place"}},
};
static_assert(std::ranges::is_sorted(kStreetWords, {}, &StreetWord::abbreviation));

constexpr std::array kUnitWords = {
    "apartado"sv, "apartamento"sv, "apartment"sv, "appartement"sv, "bajo"sv,  "batiment"sv, "block"sv, "bloque"sv,
    "building"sv, "escalera"sv,    "etage"sv,     "flat"sv,        "floor"sv, "lot"sv,      "piso"sv,  "planta"sv,
    "portal"sv,   "puerta"sv,      "room"sv,      "suite"sv,       "unit"sv,  "wohnung"sv,
};
static_assert(std::ranges::is_sorted(kUnitWords));

constexpr std::array kNumberWords = {"nb"sv, "no"sv, "nr"sv, "num"sv, "number"sv, "numero"sv, "nummer"sv};
static_assert(std::ranges::is_sorted(kNumberWords));

}  // namespace

std::string_view full_street_word(std::string_view word, std::string_view country) {
  for (const NationalWord& national : kNationalWords) {
    if (national.country == country && national.word.abbreviation == word) return national.word.full;
  }
  const auto found = std::ranges::lower_bound(kStreetWords, word, {}, &StreetWord::abbreviation);
  return found != kStreetWords.end() && found->abbreviation == word ? found->full : word;
}

bool is_unit_word(std::string_view word) { return std::ranges::binary_search(kUnitWords, word); }

bool is_number_word(std::string_view word) { return std::ranges::binary_search(kNumberWords, word); }

}  // namespace hilo::ingest
