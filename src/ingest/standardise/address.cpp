#include "ingest/standardise/address.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "ingest/standardise/placeholder.h"
#include "ingest/standardise/street_words.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kLineMax = 1024;
// The end of a part of the line ("5 Main St, London"); it tells what `st` means and is not written out.
constexpr std::string_view kPartEnd = ",";

// The judgement on a whole line or city before its words are looked at; nothing when it may be one.
std::optional<Standard> refused(const std::string& folded) {
  constexpr std::size_t kRepeatedMin = 3;
  if (folded.size() > kLineMax) return invalid("longer than an address");
  if (is_placeholder(folded, PlaceholderField::kPlace)) return placeholder(kPlaceholderReason);
  if (!has_letter_or_digit(folded)) return invalid("no letter and no digit");
  const bool number = is_ascii_digit(folded.front());
  if (!number && is_repeated(folded, kRepeatedMin)) return placeholder("one character repeated");
  return std::nullopt;
}

bool starts_with_digit(std::string_view word) { return !word.empty() && is_ascii_digit(word.front()); }

std::string with_plain_apostrophes(std::string_view text) {
  constexpr std::string_view kCurly = "\u2019";
  std::string out(text);
  for (std::size_t at = 0; (at = out.find(kCurly, at)) != std::string::npos; ++at) out.replace(at, kCurly.size(), "'");
  return out;
}

// Spells out what must be seen before punctuation goes: c/ at the start of a word, # before a number, a hyphen or
// slash between digits, the apostrophe of one letter (l'eglise -> l eglise).
std::string prepared(std::string_view text) {
  constexpr std::string_view kNumberSign = "n\u00b0";
  const std::string folded = with_plain_apostrophes(text);
  std::string out;
  for (std::size_t at = 0; at < folded.size(); ++at) {
    const char c = folded[at];
    const bool starts = at == 0 || folded[at - 1] == ' ' || folded[at - 1] == ',';
    const char before = at == 0 ? ' ' : folded[at - 1];
    const char after = at + 1 < folded.size() ? folded[at + 1] : ' ';
    const std::string_view rest = std::string_view(folded).substr(at);
    if (starts && rest.starts_with("c/")) {
      out += "calle ";
      ++at;
    } else if (starts && rest.starts_with(kNumberSign)) {
      out += "no ";
      at += kNumberSign.size() - 1;
    } else if ((c == '-' || c == '/') && is_ascii_digit(before) && is_ascii_digit(after)) {
      out += c;
    } else if (c == '\'' && at >= 1 && (at == 1 || folded[at - 2] == ' ')) {
      out += ' ';
    } else if (c == ',' || c == ';') {
      out += " , ";
    } else {
      out += c;
    }
  }
  return out;
}

// Splits prepared text into words and part ends.
std::vector<std::string> street_words(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view piece : split(text, ' ')) {
    if (piece.empty()) continue;
    if (piece == kPartEnd) {
      words.emplace_back(piece);
      continue;
    }
    // A number with a hyphen or slash inside is one word; punctuation around it is not.
    std::string number(piece);
    const auto is_mark = [](char c) { return static_cast<unsigned char>(c) < 0x80 && !is_ascii_word(c); };
    while (!number.empty() && is_mark(number.back())) number.pop_back();
    const bool range = starts_with_digit(number) && number.find_first_not_of("0123456789-/") == std::string::npos;
    if (range) {
      words.push_back(std::move(number));
      continue;
    }
    const std::string plain = words_only(piece);
    for (const std::string_view word : split_words(plain)) words.emplace_back(word);
  }
  return words;
}

// `st` and `dr` mean a street's type at the end of a part, or before a number or unit; else saint and doctor.
bool is_type_position(const std::vector<std::string>& words, std::size_t at) {
  if (at == 0 || words[at - 1] == kPartEnd) return false;
  if (at + 1 == words.size() || words[at + 1] == kPartEnd || starts_with_digit(words[at + 1])) return true;
  return is_unit_word(full_street_word(words[at + 1], {}));
}

std::string full_word(const std::vector<std::string>& words, std::size_t at, std::string_view country) {
  constexpr std::string_view kStr = "str";
  constexpr std::array kDirections = {"n"sv, "s"sv, "e"sv, "w"sv};
  const std::string& word = words[at];
  const bool before_direction =
      at + 1 < words.size() && std::ranges::find(kDirections, words[at + 1]) != kDirections.end();
  const bool type = is_type_position(words, at) || (at > 0 && before_direction);
  if (word == "st") return type ? "street" : "saint";
  if (word == "dr") return type ? "drive" : "doctor";
  if (word.size() > kStr.size() + 1 && word.ends_with(kStr)) return word + "asse";
  return std::string(full_street_word(word, country));
}

void append_word(std::string& out, std::string_view word) {
  if (!out.empty()) out += ' ';
  out += word;
}

// Joins the words in full, without part ends and without words for "number" before a number.
std::string spelt_out(const std::vector<std::string>& words, std::string_view country) {
  std::string out;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at] == kPartEnd) continue;
    std::size_t next = at + 1;
    // One such word before another goes with it: what is left must be its own standard form.
    while (next < words.size() && (words[next] == kPartEnd || is_number_word(words[next]))) ++next;
    const bool before_number = next < words.size() && starts_with_digit(words[next]);
    if (before_number && is_number_word(words[at])) continue;
    const bool post_box = words[at] == "p" && at + 2 < words.size() && words[at + 1] == "o" && words[at + 2] == "box";
    if (post_box) {
      append_word(out, "po");
      ++at;
      continue;
    }
    append_word(out, full_word(words, at, country));
  }
  return out;
}

struct CityName {
  std::string_view other;
  std::string_view own;
};
// Large cities under names of other languages and old or long forms. Sorted.
constexpr std::array kCityNames = {
    CityName{"a coruna", "la coruna"},
    CityName{"alacant", "alicante"},
    CityName{"anvers", "antwerpen"},
    CityName{"antwerp", "antwerpen"},
    CityName{"bale", "basel"},
    CityName{"brussel", "bruxelles"},
    CityName{"brussels", "bruxelles"},
    CityName{"cologne", "koln"},
    CityName{"colonia", "koln"},
    CityName{"copenhagen", "kobenhavn"},
    CityName{"den haag", "s gravenhage"},
    CityName{"donostia", "san sebastian"},
    CityName{"duesseldorf", "dusseldorf"},
    CityName{"florence", "firenze"},
    CityName{"florencia", "firenze"},
    CityName{"frankfurt", "frankfurt am main"},
    CityName{"frankfurt a m", "frankfurt am main"},
    CityName{"frankfurt main", "frankfurt am main"},
    CityName{"geneva", "geneve"},
    CityName{"genf", "geneve"},
    CityName{"genoa", "genova"},
    CityName{"gerona", "girona"},
    CityName{"koeln", "koln"},
    CityName{"lerida", "lleida"},
    CityName{"lisbon", "lisboa"},
    CityName{"londres", "london"},
    CityName{"mailand", "milano"},
    CityName{"milan", "milano"},
    CityName{"muenchen", "munchen"},
    CityName{"munich", "munchen"},
    CityName{"naples", "napoli"},
    CityName{"new york city", "new york"},
    CityName{"nuernberg", "nurnberg"},
    CityName{"nuremberg", "nurnberg"},
    CityName{"nyc", "new york"},
    CityName{"prag", "praha"},
    CityName{"prague", "praha"},
    CityName{"rome", "roma"},
    CityName{"saragossa", "zaragoza"},
    CityName{"seville", "sevilla"},
    CityName{"strassburg", "strasbourg"},
    CityName{"the hague", "s gravenhage"},
    CityName{"turin", "torino"},
    CityName{"venice", "venezia"},
    CityName{"vienna", "wien"},
    CityName{"viena", "wien"},
    CityName{"warsaw", "warszawa"},
    CityName{"zuerich", "zurich"},
};

std::string full_city_word(std::string_view word) {
  if (word == "st") return "saint";
  if (word == "ste") return "sainte";
  if (word == "sta") return "santa";
  if (word == "sto") return "santo";
  return std::string(word);
}

}  // namespace

Standard standardise_address(std::string_view raw, std::string_view country) {
  const CleanText clean = clean_text(raw);
  if (!clean.fault.empty()) return invalid(clean.fault);
  if (clean.text.empty()) return empty_value();
  const std::string folded = fold_text(clean.text);
  if (auto refusal = refused(folded)) return *refusal;
  std::string value = spelt_out(street_words(prepared(folded)), country);
  // What is left may be no more than "calle": judge it once more.
  if (auto refusal = refused(value)) return *refusal;
  return standard(std::move(value));
}

Standard standardise_city(std::string_view raw) {
  const CleanText clean = clean_text(raw);
  if (!clean.fault.empty()) return invalid(clean.fault);
  if (clean.text.empty()) return empty_value();
  const std::string folded = fold_text(clean.text);
  if (auto refusal = refused(folded)) return *refusal;
  if (!has_letter(folded)) return invalid("no letter");
  std::string value;
  const std::string words = words_only(prepared(folded));
  for (const std::string_view word : split_words(words)) {
    if (word == "cedex" && !value.empty()) break;
    append_word(value, full_city_word(word));
  }
  if (auto refusal = refused(value)) return *refusal;
  if (!has_letter(value)) return invalid("no letter");  // CEDEX held the only ones
  const auto found = std::ranges::find(kCityNames, value, &CityName::other);
  return standard(found == kCityNames.end() ? std::move(value) : std::string(found->own));
}

}  // namespace hilo::ingest
