// The tables that people and places are drawn from: names, streets, cities, domains, by language.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"

namespace hilo::world {

enum class Language : std::uint8_t { kEnglish, kSpanish, kFrench, kGerman };
inline constexpr std::size_t kLanguages = 4;

/// Returns the fields of every line of a table in src/world/data, comments left out. **Requires**: the table exists and
/// every line has so many fields: it is ours.
[[nodiscard]] std::vector<std::vector<std::string_view>> table_rows(std::string_view path, std::size_t fields);
/// Returns a field as a number. **Requires**: it is one.
[[nodiscard]] double table_number(std::string_view text);

/// Values with the weights that they are drawn by.
class WeightedTexts {
 public:
  /// Reads `value<TAB>weight` lines; lines that begin with # are comments. **Requires**: at least one line.
  explicit WeightedTexts(std::string_view tsv);
  [[nodiscard]] const std::string& pick(Rng& rng) const { return texts_[choice_.pick(rng)]; }
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

 private:
  explicit WeightedTexts(std::pair<std::vector<std::string>, std::vector<double>> parsed);
  std::vector<std::string> texts_;
  WeightedChoice choice_;
};

struct City {
  std::string name;
  std::string postcode_prefix;
};

class Cities {
 public:
  /// Reads `city<TAB>postcode_prefix<TAB>weight` lines.
  explicit Cities(std::string_view tsv);
  [[nodiscard]] const City& pick(Rng& rng) const { return cities_[choice_.pick(rng)]; }

 private:
  explicit Cities(std::pair<std::vector<City>, std::vector<double>> parsed);
  std::vector<City> cities_;
  WeightedChoice choice_;
};

/// What one language's people are called and where they live.
struct Culture {
  WeightedTexts given_female;
  WeightedTexts given_male;
  WeightedTexts family;
  WeightedTexts streets;
  Cities cities;
  WeightedTexts mail_domains;
};

/// Returns the tables of a language, which stand in src/world/data. Made once; safe from any thread.
[[nodiscard]] const Culture& culture_of(Language language);
/// Returns the ISO 639 code of a language: the folder of its tables.
[[nodiscard]] std::string_view language_code(Language language);
/// Returns the ISO 3166 code of the country that a language's people live in.
[[nodiscard]] std::string_view country_of(Language language);

}  // namespace hilo::world
