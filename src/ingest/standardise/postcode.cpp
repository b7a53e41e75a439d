// Postcodes, by the form that each country prescribes.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/text.h"
#include "ingest/standardise/address.h"
#include "ingest/standardise/placeholder.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;

enum class LostZero : std::uint8_t { kNo, kRestore };

// One form: 9 a digit, A a letter, * either, anything else itself.
struct Form {
  std::string_view country;
  std::string_view pattern;
  LostZero lost_zero = LostZero::kNo;
};
constexpr std::array kForms = {
    Form{"AT", "9999"},
    Form{"AU", "9999"},
    Form{"BE", "9999"},
    Form{"BR", "99999-999"},
    Form{"CA", "A9A 9A9"},
    Form{"CH", "9999"},
    Form{"CZ", "999 99"},
    Form{"DE", "99999", LostZero::kRestore},
    Form{"DK", "9999"},
    Form{"ES", "99999", LostZero::kRestore},
    Form{"FI", "99999"},
    Form{"FR", "99999", LostZero::kRestore},
    Form{"GB", "A9 9AA"},
    Form{"GB", "A99 9AA"},
    Form{"GB", "A9A 9AA"},
    Form{"GB", "AA9 9AA"},
    Form{"GB", "AA99 9AA"},
    Form{"GB", "AA9A 9AA"},
    Form{"GB", "GIR 0AA"},
    Form{"GG", "GY9 9AA"},
    Form{"GG", "GY99 9AA"},
    Form{"GR", "999 99"},
    Form{"HU", "9999"},
    Form{"IE", "A** ****"},
    Form{"IM", "IM9 9AA"},
    Form{"IM", "IM99 9AA"},
    Form{"IT", "99999", LostZero::kRestore},
    Form{"JE", "JE9 9AA"},
    Form{"JE", "JE99 9AA"},
    Form{"JP", "999-9999"},
    Form{"LU", "9999"},
    Form{"MX", "99999"},
    Form{"NL", "9999 AA"},
    Form{"NO", "9999"},
    Form{"PL", "99-999"},
    Form{"PT", "9999-999"},
    Form{"SE", "999 99"},
    Form{"SK", "999 99"},
    Form{"US", "99999", LostZero::kRestore},
    Form{"US", "99999-9999"},
};

// Prefixes of the old vehicle-sign form (D-10115) and of the code itself, as they stand before the hyphen. Sorted.
constexpr std::array kPrefixes = {"A"sv,  "B"sv,  "CH"sv, "CZ"sv, "D"sv,  "DE"sv, "DK"sv, "E"sv, "ES"sv,
                                  "F"sv,  "FI"sv, "FR"sv, "I"sv,  "IT"sv, "L"sv,  "LU"sv, "N"sv, "NL"sv,
                                  "NO"sv, "P"sv,  "PL"sv, "PT"sv, "S"sv,  "SE"sv, "US"sv};
static_assert(std::ranges::is_sorted(kPrefixes));

bool is_separator(char c) { return c == ' ' || c == '-'; }

// Lays letters and digits into a form; nothing when they do not fit it exactly.
std::optional<std::string> fitted(std::string_view compact, std::string_view pattern) {
  std::string out;
  for (const char wanted : pattern) {
    if (is_separator(wanted)) {
      out += wanted;
      continue;
    }
    if (compact.empty()) return std::nullopt;
    const char c = compact.front();
    compact.remove_prefix(1);
    const bool fits = wanted == '9'   ? is_ascii_digit(c)
                      : wanted == 'A' ? is_ascii_letter(c)
                      : wanted == '*' ? is_ascii_word(c)
                                      : c == wanted;
    if (!fits) return std::nullopt;
    out += c;
  }
  return compact.empty() ? std::optional(out) : std::nullopt;
}

// The letters and digits of a postcode in upper case, without a country prefix before a hyphen.
std::string compacted(std::string_view upper) {
  const std::size_t hyphen = upper.find('-');
  if (hyphen != std::string_view::npos && std::ranges::binary_search(kPrefixes, trim(upper.substr(0, hyphen))) &&
      hyphen + 1 < upper.size() && is_ascii_digit(trim(upper.substr(hyphen + 1)).substr(0, 1).front())) {
    upper.remove_prefix(hyphen + 1);
  }
  std::string out;
  for (const char c : upper) {
    if (is_ascii_word(c)) out += c;
  }
  return out;
}

int province(std::string_view digits) { return (digits[0] - '0') * 10 + (digits[1] - '0'); }

// What a country rules out beyond its form.
bool is_possible(std::string_view code, std::string_view country) {
  constexpr int kSpanishProvinces = 52;
  if (country == "ES") return province(code) >= 1 && province(code) <= kSpanishProvinces;
  if (country == "DE" || country == "FR") return province(code) >= 1;
  if (country == "NL" || country == "AT" || country == "CH" || country == "BE") return code.front() != '0';
  // Canada Post: no D, F, I, O, Q, U, and neither W nor Z in front.
  if (country == "CA") {
    return code.find_first_of("DFIOQU") == std::string_view::npos && code.front() != 'W' && code.front() != 'Z';
  }
  // Royal Mail: the inward letters are never C, I, K, M, O, V; the first is never Q, V, X.
  if (country == "GB") {
    return code.substr(code.size() - 2).find_first_of("CIKMOV") == std::string_view::npos &&
           std::string_view("QVX").find(code.front()) == std::string_view::npos;
  }
  return true;
}

bool has_form(std::string_view country) {
  return std::ranges::any_of(kForms, [&](const Form& form) { return form.country == country; });
}

Standard by_form(std::string compact, std::string_view country) {
  constexpr std::size_t kDigitsWithoutZero = 4;
  for (const Form& form : kForms) {
    if (form.country != country) continue;
    const bool lost = form.lost_zero == LostZero::kRestore && compact.size() == kDigitsWithoutZero &&
                      std::ranges::all_of(compact, is_ascii_digit);
    const std::optional<std::string> code = fitted(lost ? '0' + compact : compact, form.pattern);
    if (code && is_possible(*code, country)) return standard(*code);
  }
  return invalid("not a postcode of its country");
}

// Letters and digits of any script stay, all else parts them.
Standard without_form(std::string_view upper) {
  constexpr std::size_t kLongest = 16;
  std::string words = words_only(upper);
  if (words.empty()) return invalid("no letter and no digit");
  if (words.size() > kLongest) return invalid("longer than a postcode");
  if (std::ranges::none_of(words, is_ascii_digit)) return invalid("no digit");
  return standard(std::move(words));
}

}  // namespace

Standard standardise_postcode(std::string_view raw, std::string_view country) {
  constexpr std::size_t kRawMax = 64;
  const CleanText clean = clean_text(raw);
  if (!clean.fault.empty()) return invalid(clean.fault);
  if (clean.text.empty()) return empty_value();
  if (clean.text.size() > kRawMax) return invalid("longer than a postcode");
  if (is_placeholder(fold_text(clean.text), PlaceholderField::kPlace)) return placeholder(kPlaceholderReason);
  std::string upper = upper_ascii(clean.text);
  while (upper.starts_with('\'')) upper.erase(0, 1);
  // A column of numbers that passed through a decimal type: 8001.0.
  if (upper.ends_with(".0") &&
      std::ranges::all_of(std::string_view(upper).substr(0, upper.size() - 2), is_ascii_digit)) {
    upper.resize(upper.size() - 2);
  }
  const std::string compact = compacted(upper);
  if (!compact.empty() && compact.find_first_not_of('0') == std::string::npos) return placeholder("zeros only");
  const std::string code = upper_ascii(country) == "UK" ? "GB" : upper_ascii(country);
  if (!has_form(code)) return without_form(upper);
  if (!is_ascii(upper)) return invalid("not a postcode of its country");
  return by_form(compact, code);
}

}  // namespace hilo::ingest
