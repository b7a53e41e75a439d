#include "ingest/standardise/birth_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "base/text.h"
#include "ingest/standardise/placeholder.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;

constexpr int kOldestYear = 1850;
constexpr std::size_t kRawMax = 64;
constexpr std::size_t kPartsMax = 3;
constexpr std::string_view kUnread = "not a date in a known form";
constexpr std::string_view kNoSuchDay = "no such day";

struct MonthName {
  std::string_view name;
  int month;
};

// Names and abbreviations in English, Spanish, French and German, folded. Sorted.
constexpr std::array kMonthNames = {
    MonthName{"abr", 4},       MonthName{"abril", 4},     MonthName{"ago", 8},        MonthName{"agosto", 8},
    MonthName{"aou", 8},       MonthName{"aout", 8},      MonthName{"apr", 4},        MonthName{"april", 4},
    MonthName{"aug", 8},       MonthName{"august", 8},    MonthName{"avr", 4},        MonthName{"avril", 4},
    MonthName{"dec", 12},      MonthName{"december", 12}, MonthName{"decembre", 12},  MonthName{"dez", 12},
    MonthName{"dezember", 12}, MonthName{"dic", 12},      MonthName{"diciembre", 12}, MonthName{"ene", 1},
    MonthName{"enero", 1},     MonthName{"feb", 2},       MonthName{"febrero", 2},    MonthName{"februar", 2},
    MonthName{"february", 2},  MonthName{"fev", 2},       MonthName{"fevr", 2},       MonthName{"fevrier", 2},
    MonthName{"jaenner", 1},   MonthName{"jan", 1},       MonthName{"janner", 1},     MonthName{"januar", 1},
    MonthName{"january", 1},   MonthName{"janv", 1},      MonthName{"janvier", 1},    MonthName{"juil", 7},
    MonthName{"juillet", 7},   MonthName{"juin", 6},      MonthName{"jul", 7},        MonthName{"juli", 7},
    MonthName{"julio", 7},     MonthName{"july", 7},      MonthName{"jun", 6},        MonthName{"june", 6},
    MonthName{"juni", 6},      MonthName{"junio", 6},     MonthName{"maerz", 3},      MonthName{"mai", 5},
    MonthName{"mar", 3},       MonthName{"march", 3},     MonthName{"mars", 3},       MonthName{"marz", 3},
    MonthName{"marzo", 3},     MonthName{"may", 5},       MonthName{"mayo", 5},       MonthName{"mrz", 3},
    MonthName{"nov", 11},      MonthName{"november", 11}, MonthName{"novembre", 11},  MonthName{"noviembre", 11},
    MonthName{"oct", 10},      MonthName{"october", 10},  MonthName{"octobre", 10},   MonthName{"octubre", 10},
    MonthName{"okt", 10},      MonthName{"oktober", 10},  MonthName{"sep", 9},        MonthName{"sept", 9},
    MonthName{"september", 9}, MonthName{"septembre", 9}, MonthName{"septiembre", 9}, MonthName{"set", 9},
    MonthName{"setiembre", 9},
};
static_assert(std::ranges::is_sorted(kMonthNames, {}, &MonthName::name));

// Words that may stand between day, month and year.
constexpr std::array kLinkWords = {"de"sv, "del"sv, "den"sv, "le"sv, "of"sv, "the"sv};
// What may follow the digits of a day: 1st, 2nd, 3rd, 4th, 1er, 1o (1º).
constexpr std::array kOrdinals = {"er"sv, "nd"sv, "o"sv, "rd"sv, "st"sv, "th"sv};

// Days that programs write when they have none: empty, zero, the origins of Unix, Excel and SQL Server, the ends.
constexpr std::array kNoDays = {
    CivilDate{0, 0, 0},      CivilDate{1, 1, 1},      CivilDate{1111, 11, 11}, CivilDate{1753, 1, 1},
    CivilDate{1899, 12, 30}, CivilDate{1899, 12, 31}, CivilDate{1900, 1, 1},   CivilDate{1901, 1, 1},
    CivilDate{1970, 1, 1},   CivilDate{2999, 12, 31}, CivilDate{9999, 9, 9},   CivilDate{9999, 12, 31},
};

bool is_no_day(const CivilDate& date) {
  return std::ranges::any_of(kNoDays, [&](const CivilDate& none) {
    return none.year == date.year && none.month == date.month && none.day == date.day;
  });
}

// One part of a date: a number with its count of digits, or a month that was named.
struct Part {
  int number = 0;
  std::size_t digits = 0;
  bool named_month = false;
};

struct Parts {
  std::array<Part, kPartsMax> part = {};
  std::size_t count = 0;
};

int named_month(std::string_view word) {
  const auto found = std::ranges::lower_bound(kMonthNames, word, {}, &MonthName::name);
  return found != kMonthNames.end() && found->name == word ? found->month : 0;
}

bool take_midnight(std::string_view& clock) {
  constexpr std::array kMidnights = {"00:00:00"sv, "12:00:00 am"sv, "00:00"sv, "12:00 am"sv, "0:00:00"sv, "0:00"sv};
  for (const std::string_view midnight : kMidnights) {
    if (!clock.starts_with(midnight)) continue;
    clock.remove_prefix(midnight.size());
    return true;
  }
  return false;
}

// Returns whether a time of day, all of it, says midnight: 00:00:00.000, 00:00:00Z, 00:00:00+00:00, 12:00:00 am.
bool is_midnight(std::string_view clock) {
  if (!take_midnight(clock)) return false;
  if (clock.starts_with('.')) {
    const std::size_t end = clock.find_first_not_of('0', 1);
    clock.remove_prefix(end == std::string_view::npos ? clock.size() : end);
  }
  clock = trim(clock);
  constexpr std::array kZones = {""sv, "z"sv, "+00:00"sv, "+0000"sv, "+00"sv, "utc"sv, "gmt"sv};
  return std::ranges::find(kZones, clock) != kZones.end();
}

// Parts the day from the time of day behind it; a colon only stands in the latter.
struct DayAndClock {
  std::string_view day;
  std::string_view clock;
};
DayAndClock part_clock(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text, {}};
  std::size_t start = colon;
  while (start > 0 && is_ascii_digit(text[start - 1])) --start;
  std::string_view day = text.substr(0, start);
  if (day.size() > 1 && day.back() == 't' && is_ascii_digit(day[day.size() - 2])) day.remove_suffix(1);
  return {trim(day), text.substr(start)};
}

// Reads one word of letters or digits into `parts`; false when it has no place in a date.
bool take_word(std::string_view word, Parts& parts) {
  const bool number = is_ascii_digit(word.front());
  if (!number && std::ranges::find(kLinkWords, word) != kLinkWords.end()) return parts.count > 0 || word == "le";
  if (!number && std::ranges::find(kOrdinals, word) != kOrdinals.end()) {
    return parts.count > 0 && !parts.part[parts.count - 1].named_month;
  }
  if (parts.count == kPartsMax) return false;
  Part& part = parts.part[parts.count++];
  part.digits = word.size();
  if (!number) {
    part.number = named_month(word);
    part.named_month = true;
    return part.number != 0;
  }
  constexpr std::size_t kDigitsMax = 8;
  if (word.size() > kDigitsMax) return false;
  return std::from_chars(word.data(), word.data() + word.size(), part.number).ec == std::errc{};
}

std::optional<Parts> read_parts(std::string_view text) {
  constexpr std::string_view kSeparators = " -/.,";
  Parts parts;
  for (std::size_t at = 0; at < text.size();) {
    if (kSeparators.contains(text[at])) {
      ++at;
      continue;
    }
    const auto same_kind = [&](char c) { return is_ascii_digit(text[at]) ? is_ascii_digit(c) : is_ascii_letter(c); };
    std::size_t end = at;
    while (end < text.size() && same_kind(text[end])) ++end;
    if (end == at || !take_word(text.substr(at, end - at), parts)) return std::nullopt;
    at = end;
  }
  return parts;
}

int full_year(const Part& part, Date latest) {
  constexpr std::size_t kShortYear = 2;
  if (part.digits != kShortYear) return part.number;
  const int latest_year = civil(latest).year;
  const int year = latest_year - latest_year % 100 + part.number;
  return year > latest_year ? year - 100 : year;
}

// Puts day and month, both numbers, in their places: by the part above 12 if there is one, else by `order`.
CivilDate in_order(int year, int first, int second, DateOrder order) {
  const bool day_first = first > 12 || (second <= 12 && order == DateOrder::kDayFirst);
  return day_first ? CivilDate{year, second, first} : CivilDate{year, first, second};
}

std::optional<CivilDate> assemble(const Parts& parts, DateOrder order, Date latest) {
  constexpr std::size_t kYearDigits = 4;
  const auto& [a, b, c] = parts.part;
  if (parts.count == 1 && a.digits == 8 && !a.named_month) {
    return CivilDate{a.number / 10000, a.number / 100 % 100, a.number % 100};
  }
  if (parts.count != kPartsMax || c.named_month) return std::nullopt;
  const auto is_year = [](const Part& part) { return !part.named_month && (part.digits == 2 || part.digits == 4); };
  const auto is_day = [](const Part& part) { return !part.named_month && part.digits <= 2; };
  if (!a.named_month && a.digits == kYearDigits) {
    if ((!b.named_month && !is_day(b)) || !is_day(c)) return std::nullopt;
    return CivilDate{a.number, b.number, c.number};
  }
  if (!is_year(c)) return std::nullopt;
  // Zeros in every place are no day of 2000 or 1900 but an empty date.
  if (a.number == 0 && b.number == 0 && c.number == 0) return CivilDate{0, 0, 0};
  const int year = full_year(c, latest);
  if (a.named_month && is_day(b)) return CivilDate{year, a.number, b.number};
  if (b.named_month && is_day(a)) return CivilDate{year, b.number, a.number};
  if (!is_day(a) || !is_day(b)) return std::nullopt;
  return in_order(year, a.number, b.number, order);
}

}  // namespace

Standard standardise_birth_date(std::string_view raw, DateOrder order, Date latest) {
  const CleanText clean = clean_text(raw);
  if (!clean.fault.empty()) return invalid(clean.fault);
  if (clean.text.empty()) return empty_value();
  if (clean.text.size() > kRawMax) return invalid(kUnread);
  const std::string folded = fold_text(clean.text);
  if (is_placeholder(folded, PlaceholderField::kValue)) return placeholder(kPlaceholderReason);
  const DayAndClock parted = part_clock(folded);
  const std::optional<Parts> parts = read_parts(parted.day);
  if (!parts) return invalid(kUnread);
  const std::optional<CivilDate> date = assemble(*parts, order, latest);
  if (!date) return invalid(kUnread);
  if (is_no_day(*date)) return placeholder("a day that programs write for none");
  if (!parted.clock.empty() && !is_midnight(parted.clock)) return invalid("a time of day other than midnight");
  const Result<Date> day = make_date(date->year, date->month, date->day);
  if (!day) return invalid(kNoSuchDay);
  if (date->year < kOldestYear) return invalid("before 1850");
  if (*day > latest) return invalid("in the future");
  return standard(to_string(*day));
}

}  // namespace hilo::ingest
