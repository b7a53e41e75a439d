#include "ingest/standardise/placeholder.h"

#include <algorithm>
#include <array>
#include <string>

#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;

// Each table holds word forms (folded, punctuation as spaces) in byte order. "n a" is n/a, N.A. and #N/A.
constexpr std::array kAnywhere = {
    "asd"sv,
    "asdasd"sv,
    "asdf"sv,
    "asdfasdf"sv,
    "asdfgh"sv,
    "aucun"sv,
    "aucune"sv,
    "blank"sv,
    "desconocida"sv,
    "desconocido"sv,
    "dummy"sv,
    "empty"sv,
    "essai"sv,
    "inconnu"sv,
    "inconnue"sv,
    "k a"sv,
    "kein"sv,
    "keine"sv,
    "keine angabe"sv,
    "keine angaben"sv,
    "leer"sv,
    "missing"sv,
    "n a"sv,
    "n d"sv,
    "n v t"sv,
    "na"sv,
    "neant"sv,
    "nicht angegeben"sv,
    "nicht bekannt"sv,
    "nicht verfugbar"sv,
    "nicht vorhanden"sv,
    "nil"sv,
    "ninguna"sv,
    "ninguno"sv,
    "no aplica"sv,
    "no consta"sv,
    "no data"sv,
    "no disponible"sv,
    "no especificado"sv,
    "no value"sv,
    "non disponible"sv,
    "non renseigne"sv,
    "non renseignee"sv,
    "non specifie"sv,
    "none"sv,
    "not applicable"sv,
    "not available"sv,
    "not entered"sv,
    "not given"sv,
    "not known"sv,
    "not provided"sv,
    "not set"sv,
    "not specified"sv,
    "null"sv,
    "object object"sv,
    "ohne angabe"sv,
    "prueba"sv,
    "qwe"sv,
    "qwerty"sv,
    "sans objet"sv,
    "se desconoce"sv,
    "sin dato"sv,
    "sin datos"sv,
    "sin especificar"sv,
    "sin informacion"sv,
    "tba"sv,
    "tbc"sv,
    "tbd"sv,
    "test"sv,
    "tester"sv,
    "testing"sv,
    "to be confirmed"sv,
    "unbekannt"sv,
    "undefined"sv,
    "unknown"sv,
    "unspecified"sv,
    "xxx"sv,
};

constexpr std::array kPerson = {
    "account"sv,
    "admin"sv,
    "administrator"sv,
    "anon"sv,
    "anonim"sv,
    "anonima"sv,
    "anonimo"sv,
    "anonym"sv,
    "anonyme"sv,
    "anonymous"sv,
    "apellido"sv,
    "apellidos"sv,
    "barverkauf"sv,
    "benutzer"sv,
    "cash customer"sv,
    "cash sale"sv,
    "client"sv,
    "cliente"sv,
    "customer"sv,
    "default"sv,
    "deleted"sv,
    "do not use"sv,
    "erika mustermann"sv,
    "first name"sv,
    "firstname"sv,
    "fulano de tal"sv,
    "gast"sv,
    "guest"sv,
    "invitado"sv,
    "invite"sv,
    "jane doe"sv,
    "john doe"sv,
    "kein name"sv,
    "kunde"sv,
    "kundin"sv,
    "last name"sv,
    "lastname"sv,
    "laufkunde"sv,
    "laufkundschaft"sv,
    "max mustermann"sv,
    "nachname"sv,
    "name"sv,
    "new customer"sv,
    "no name"sv,
    "nobody"sv,
    "nom"sv,
    "nombre"sv,
    "noname"sv,
    "ohne name"sv,
    "online customer"sv,
    "prenom"sv,
    "sans nom"sv,
    "shop customer"sv,
    "sin nombre"sv,
    "user"sv,
    "usuario"sv,
    "utilisateur"sv,
    "venta contado"sv,
    "vorname"sv,
    "walk in"sv,
    "walk in customer"sv,
    "walkin"sv,
    "web customer"sv,
};

constexpr std::array kPlace = {
    "abroad"sv,
    "address"sv,
    "adresse"sv,
    "as above"sv,
    "calle"sv,
    "city"sv,
    "ciudad"sv,
    "country"sv,
    "dieselbe"sv,
    "direccion"sv,
    "dito"sv,
    "european community"sv,
    "idem"sv,
    "international"sv,
    "land"sv,
    "nan"sv,
    "no address"sv,
    "no fixed abode"sv,
    "no fixed address"sv,
    "other"sv,
    "otro"sv,
    "overseas"sv,
    "pais"sv,
    "pays"sv,
    "same"sv,
    "same as above"sv,
    "same as billing"sv,
    "sans adresse"sv,
    "see above"sv,
    "siehe oben"sv,
    "sin direccion"sv,
    "sin domicilio"sv,
    "stadt"sv,
    "strasse"sv,
    "street"sv,
    "various"sv,
    "ville"sv,
    "voir ci dessus"sv,
    "worldwide"sv,
};

constexpr std::array kValue = {"0"sv, "false"sv, "infinity"sv, "nan"sv, "nat"sv, "no"sv};

static_assert(std::ranges::is_sorted(kAnywhere));
static_assert(std::ranges::is_sorted(kPerson));
static_assert(std::ranges::is_sorted(kPlace));
static_assert(std::ranges::is_sorted(kValue));

bool is_known(std::string_view words, PlaceholderField field) {
  if (std::ranges::binary_search(kAnywhere, words)) return true;
  switch (field) {
    case PlaceholderField::kValue: return std::ranges::binary_search(kValue, words);
    case PlaceholderField::kPerson: return std::ranges::binary_search(kPerson, words);
    case PlaceholderField::kPlace: return std::ranges::binary_search(kPlace, words);
  }
  return false;
}

bool is_filler(char c) { return c == ' ' || c == '-' || c == ':' || c == '.'; }

// Punctuation only, dashes and bullets included; an emoji or a lone accent is no placeholder but simply wrong.
bool is_only_punctuation(std::string_view folded) {
  constexpr std::array kDashes = {"\u2013"sv, "\u2014"sv, "\u2022"sv, "\u00B7"sv, "\u00BF"sv};
  if (folded.empty()) return false;
  if (is_ascii(folded)) return std::ranges::none_of(folded, is_ascii_word);
  return std::ranges::find(kDashes, folded) != kDashes.end();
}

}  // namespace

bool is_placeholder(std::string_view folded, PlaceholderField field) {
  constexpr std::size_t kLongestPhrase = 64;
  if (is_only_punctuation(folded)) return true;
  if (folded.size() > kLongestPhrase) return false;
  const std::string words = words_only(folded);
  if (words.empty()) return false;
  if (is_known(words, field)) return true;
  const auto parts = split_words(words);
  return parts.size() > 1 && std::ranges::all_of(parts, [&](std::string_view word) { return is_known(word, field); });
}

bool is_repeated(std::string_view text, std::size_t length_min) {
  char first = 0;
  std::size_t length = 0;
  for (const char c : text) {
    if (is_filler(c)) continue;
    if (length == 0) first = c;
    if (c != first) return false;
    ++length;
  }
  return length >= length_min && length > 0 && is_ascii_word(first);
}

}  // namespace hilo::ingest
