#include "world/chance/tables.h"

#include <charconv>
#include <utility>

#include "base/result.h"
#include "base/text.h"
#include "world/data_files.h"

namespace hilo::world {
namespace {

// The fields of every line that is no comment. **Requires**: as many fields as wanted; the tables are ours.
std::vector<std::vector<std::string_view>> rows_of(std::string_view tsv, std::size_t fields) {
  std::vector<std::vector<std::string_view>> rows;
  for (const std::string_view line : split(tsv, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    rows.push_back(split(line, '\t'));
    HILO_CHECK(rows.back().size() == fields);
  }
  HILO_CHECK(!rows.empty());
  return rows;
}

double weight_of(std::string_view text) {
  const double weight = table_number(text);
  HILO_CHECK(weight > 0);
  return weight;
}

std::pair<std::vector<std::string>, std::vector<double>> parse_weighted(std::string_view tsv) {
  std::pair<std::vector<std::string>, std::vector<double>> parsed;
  for (const auto& row : rows_of(tsv, 2)) {
    parsed.first.emplace_back(row[0]);
    parsed.second.push_back(weight_of(row[1]));
  }
  return parsed;
}

std::pair<std::vector<City>, std::vector<double>> parse_cities(std::string_view tsv) {
  std::pair<std::vector<City>, std::vector<double>> parsed;
  for (const auto& row : rows_of(tsv, 3)) {
    parsed.first.push_back({std::string(row[0]), std::string(row[1])});
    parsed.second.push_back(weight_of(row[2]));
  }
  return parsed;
}

std::string_view file(std::string_view path) {
  for (const DataFile& each : kDataFiles) {
    if (each.path == path) return each.text;
  }
  HILO_CHECK(false);
}

constexpr std::array<std::string_view, kLanguages> kCodes = {"en", "es", "fr", "de"};

// The domains of a language and those of all (*).
std::string domains_of(std::string_view code) {
  std::string lines;
  for (const auto& row : table_rows("shared/mail_domains.tsv", 3)) {
    if (row[1] == code || row[1] == "*") lines += std::string(row[0]) + '\t' + std::string(row[2]) + '\n';
  }
  return lines;
}

Culture read_culture(std::string_view code) {
  const auto own = [&](std::string_view name) { return file(std::string(code) + "/" + std::string(name) + ".tsv"); };
  return {.given_female = WeightedTexts(own("given_female")),
          .given_male = WeightedTexts(own("given_male")),
          .family = WeightedTexts(own("family")),
          .streets = WeightedTexts(own("streets")),
          .cities = Cities(own("cities")),
          .mail_domains = WeightedTexts(domains_of(code))};
}

}  // namespace

std::vector<std::vector<std::string_view>> table_rows(std::string_view path, std::size_t fields) {
  return rows_of(file(path), fields);
}

double table_number(std::string_view text) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  HILO_CHECK(failure == std::errc{} && end == text.data() + text.size());
  return number;
}

WeightedTexts::WeightedTexts(std::string_view tsv) : WeightedTexts(parse_weighted(tsv)) {}
WeightedTexts::WeightedTexts(std::pair<std::vector<std::string>, std::vector<double>> parsed)
    : texts_(std::move(parsed.first)), choice_(parsed.second) {}

Cities::Cities(std::string_view tsv) : Cities(parse_cities(tsv)) {}
Cities::Cities(std::pair<std::vector<City>, std::vector<double>> parsed)
    : cities_(std::move(parsed.first)), choice_(parsed.second) {}

const Culture& culture_of(Language language) {
  static const std::array<Culture, kLanguages> kCultures = {read_culture(kCodes[0]), read_culture(kCodes[1]),
                                                            read_culture(kCodes[2]), read_culture(kCodes[3])};
  return kCultures[static_cast<std::size_t>(language)];
}

std::string_view language_code(Language language) { return kCodes[static_cast<std::size_t>(language)]; }

std::string_view country_of(Language language) {
  constexpr std::array<std::string_view, kLanguages> kCountries = {"GB", "ES", "FR", "DE"};
  return kCountries[static_cast<std::size_t>(language)];
}

}  // namespace hilo::world
