#include "ingest/standardise/phone.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <phonenumbers/phonenumberutil.h>
#pragma GCC diagnostic pop

#include <unicode/uchar.h>

#include "base/text.h"
#include "ingest/standardise/placeholder.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::size_t kRawMax = 250;  // libphonenumber's own limit
constexpr std::size_t kDigitsMin = 6;
constexpr std::size_t kE164Max = 16;  // a plus sign and 15 digits
constexpr std::size_t kEqualTail = 8;
constexpr std::string_view kNoRegion = "ZZ";

// libphonenumber reports by return values; its one instance is built on first use and locks its own cache.
const PhoneNumberUtil& numbers() { return *PhoneNumberUtil::GetInstance(); }

// The decimal digits of any script, as ASCII.
std::string digits_of(std::string_view text) {
  std::string out;
  for (const char32_t point : code_points(text)) {
    const std::int32_t digit = u_charDigitValue(static_cast<UChar32>(point));
    if (digit >= 0) out += static_cast<char>('0' + digit);
  }
  return out;
}

bool is_all_equal(std::string_view digits) {
  return digits.find_first_not_of(digits.front()) == std::string_view::npos;
}

// Ascending or descending, wrapping at 0: 0123456789, 123456789, 1234567890, 987654321, 9876543210.
bool is_run(std::string_view digits) {
  const auto steps_by = [&](int step) {
    return std::ranges::adjacent_find(digits, [&](char a, char b) { return (a - '0' + step + 10) % 10 != b - '0'; }) ==
           digits.end();
  };
  return steps_by(1) || steps_by(-1);
}

// Judges the digits of a number; returns the reason when nobody can have it, else "".
std::string_view nobodys(std::string_view digits) {
  if (is_all_equal(digits)) return "one digit repeated";
  if (is_run(digits)) return "a run of digits";
  const bool tail = digits.size() > kEqualTail && is_all_equal(digits.substr(digits.size() - kEqualTail));
  return tail ? "one digit repeated" : std::string_view{};
}

// Takes off what spreadsheets leave: an apostrophe in front, ".0" behind a number that was read as a decimal.
std::string_view without_spreadsheet_marks(std::string_view text) {
  while (text.starts_with('\'') || text.starts_with('=') || text.starts_with('"')) text.remove_prefix(1);
  while (text.ends_with('\'') || text.ends_with('"')) text.remove_suffix(1);
  if (text.ends_with(".0")) {
    std::string_view number = text.substr(0, text.size() - 2);
    if (number.starts_with('+')) number.remove_prefix(1);
    if (std::ranges::all_of(number, is_ascii_digit)) text.remove_suffix(2);
  }
  return trim(text);
}

std::uint64_t digits_in(std::string_view e164) {
  std::uint64_t digits = 0;
  for (const char digit : e164.substr(1)) digits = digits * 10 + static_cast<std::uint64_t>(digit - '0');
  return digits;
}

// Whether a number is one of its plan's. Silos tell the same number again, and to judge it takes longer than to look it
// up; one whose place another took is judged anew.
bool is_valid(const std::string& e164, const PhoneNumber& number) {
  constexpr std::size_t kPlaces = std::size_t{1} << 21U;
  static std::array<std::uint64_t, kPlaces> judged;  // digits and, in the last bit, validity
  const std::uint64_t digits = digits_in(e164);
  const std::atomic_ref place(judged[std::hash<std::string>()(e164) % kPlaces]);
  const std::uint64_t known = place.load(std::memory_order_relaxed);
  if (known / 2 == digits) return known % 2 == 1;
  const bool valid = numbers().IsValidNumber(number);
  place.store(digits * 2 + (valid ? 1 : 0), std::memory_order_relaxed);
  return valid;
}

// A valid number, in the two forms that are looked at.
struct Valid {
  std::string e164;
  std::string national;
};

// Whether a number must be one of its plan's, or only look like one.
enum class Demand : std::uint8_t { kValid, kRead };

// PhoneNumber, a protobuf message, stays inside this function and is never copied: its inline members would need
// protobuf itself at the link.
std::optional<Valid> parse(std::string_view text, std::string_view region, Demand demand = Demand::kValid) {
  PhoneNumber number;
  const auto outcome = numbers().Parse(std::string(text), std::string(region), &number);
  if (outcome != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
  Valid out;
  numbers().Format(number, PhoneNumberUtil::E164, &out.e164);
  // Some plans of the library's allow more digits than the world does, and then take two numbers for one.
  if (out.e164.size() > kE164Max) return std::nullopt;
  if (demand == Demand::kValid && !is_valid(out.e164, number)) return std::nullopt;
  numbers().GetNationalSignificantNumber(number, &out.national);
  return out;
}

// A plan's prefix is taken off once, and some plans have numbers that begin like their prefix (Mexico's former 1 before
// mobiles): what is left may read as another number again. Reads until it says itself; each reading drops digits.
std::optional<Valid> settle(std::optional<Valid> number) {
  while (number) {
    // One that says itself is as valid as it was.
    const std::optional<Valid> again = parse(number->e164, kNoRegion, Demand::kRead);
    if (again && again->e164 == number->e164) return number;
    if (again && again->e164.size() >= number->e164.size()) return std::nullopt;
    number = parse(number->e164, kNoRegion);
  }
  return std::nullopt;
}

// Whether a number is written out whole, so that its reading took no prefix off and reads itself.
bool is_whole(std::string_view digits, const Valid& number) {
  return digits == number.national || digits == std::string_view(number.e164).substr(1);
}

// Tries the text as it stands, then 00 as the international prefix where the region has another, then the first of
// several numbers.
std::optional<Valid> find_number(std::string_view text, std::string_view region) {
  if (auto number = parse(text, region)) return number;
  if (text.starts_with("00")) {
    if (auto number = parse(std::string("+").append(text.substr(2)), region)) return number;
  }
  const std::size_t cut = text.find_first_of("/;,|");
  if (cut == std::string_view::npos) return std::nullopt;
  const std::string_view first = trim(text.substr(0, cut));
  return digits_of(first).size() < kDigitsMin ? std::nullopt : parse(first, region);
}

}  // namespace

bool is_region(std::string_view code) {
  constexpr std::size_t kCodeLength = 2;
  return code.size() == kCodeLength && code != kNoRegion && numbers().GetCountryCodeForRegion(std::string(code)) != 0;
}

Standard standardise_phone(std::string_view raw, std::string_view default_region) {
  const CleanText clean = clean_text(raw);
  if (!clean.fault.empty()) return invalid(clean.fault);
  const std::string_view text = without_spreadsheet_marks(clean.text);
  if (text.empty()) return clean.text.empty() ? empty_value() : placeholder(kPlaceholderReason);
  if (text.size() > kRawMax) return invalid("longer than any number");
  if (is_placeholder(fold_text(text), PlaceholderField::kValue)) return placeholder(kPlaceholderReason);
  const std::string digits = digits_of(text);
  if (!digits.empty()) {
    const std::string_view nobody = nobodys(digits);
    if (!nobody.empty() && digits.size() >= kDigitsMin) return placeholder(nobody);
    if (digits.size() < kDigitsMin && !has_letter(text)) return placeholder("fewer than 6 digits");
  } else {
    return invalid("no digits");
  }
  const bool known_region = is_region(default_region);
  std::optional<Valid> number = find_number(text, known_region ? default_region : kNoRegion);
  if (number && !is_whole(digits, *number)) number = settle(std::move(number));
  if (!number) {
    const bool unread = !known_region && text.find('+') == std::string_view::npos;
    return invalid(unread ? "no country code and no default region" : "not a number of its country's plan");
  }
  if (number->national.empty()) return invalid("no digits");
  const std::string_view nobody = nobodys(number->national);
  if (!nobody.empty()) return placeholder(nobody);
  return standard(std::move(number->e164));
}

}  // namespace hilo::ingest
