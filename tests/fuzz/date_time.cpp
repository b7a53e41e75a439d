// Days, instants and dates of birth: what is read, printed, reads the same; a date of birth lies within its limits and
// is its own standard form.
#include "base/time.h"
#include "ingest/standardise/birth_date.h"
#include "standard_form.h"

namespace hilo::fuzz {
namespace {

void judge_day(std::string_view input) {
  const auto day = parse_date(input);
  if (!day) return expect_their_fault(day.error());
  expect_same("a day printed", input, to_string(*day));
  const CivilDate parts = civil(*day);
  HILO_CHECK(make_date(parts.year, parts.month, parts.day).value() == *day);
  HILO_CHECK(parse_instant(input).value().micros == std::int64_t{day->days} * 86'400'000'000);
}

void judge_instant(std::string_view input) {
  const auto instant = parse_instant(input);
  if (!instant) return expect_their_fault(instant.error());
  const std::string printed = to_string(*instant);
  HILO_CHECK(parse_instant(printed).value() == *instant);
  expect(input.starts_with(printed.substr(0, 10)), "an instant lies on the day that it names", input);
}

void judge_birth_date(std::string_view input, ingest::DateOrder order) {
  const Date latest = make_date(2024, 2, 29).value();
  const auto birth_date = [=](std::string_view raw) { return ingest::standardise_birth_date(raw, order, latest); };
  const ingest::Standard answer = expect_standard_form("a date of birth", input, birth_date);
  if (answer.standing != ingest::Standing::kStandard) return;
  const Date day = parse_date(answer.value).value();
  expect(day >= make_date(1850, 1, 1).value() && day <= latest, "a date of birth within its limits", answer.value);
}

}  // namespace

void judge(std::string_view input) {
  judge_day(input);
  judge_instant(input);
  judge_birth_date(input, ingest::DateOrder::kDayFirst);
  judge_birth_date(input, ingest::DateOrder::kMonthFirst);
}

}  // namespace hilo::fuzz
