#include "ingest/standard_values.h"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "ingest/standardise/address.h"
#include "ingest/standardise/birth_date.h"
#include "ingest/standardise/email.h"
#include "ingest/standardise/gender.h"
#include "ingest/standardise/identifier.h"
#include "ingest/standardise/person_name.h"
#include "ingest/standardise/phone.h"
#include "store/text_function.h"

namespace hilo::ingest {
namespace {

struct Outcome {
  Standing standing = Standing::kEmpty;
  std::string value = {};
  std::string match_key = {};
  std::string given = {};
  std::string family = {};
  std::string_view reason = {};
};

Outcome from_standard(Standard standard) {
  return {.standing = standard.standing, .value = std::move(standard.value), .reason = standard.reason};
}

Outcome from_name(std::string_view raw) {
  PersonName name = standardise_name(raw);
  return {.standing = name.standing,
          .value = std::move(name.display),
          .match_key = std::move(name.match_key),
          .reason = name.reason};
}

Outcome from_full_name(std::string_view raw) {
  Outcome outcome = from_name(raw);
  FullName parts = split_full_name(raw);
  if (parts.standing == Standing::kStandard) {
    outcome.given = std::move(parts.given);
    outcome.family = std::move(parts.family);
  }
  return outcome;
}

// The order of day and month in a country: month first in the United States and what follows them.
DateOrder date_order(std::string_view region) {
  return region == "US" || region == "PH" || region == "FM" ? DateOrder::kMonthFirst : DateOrder::kDayFirst;
}

Outcome standardise(std::string_view column, std::string_view raw, std::string_view region, Date latest) {
  if (column == "country") return from_standard(standardise_country(raw));
  if (column == "email") return from_standard(standardise_email(raw));
  if (column == "phone") return from_standard(standardise_phone(raw, region));
  if (column == "loyalty_id" || column == "device_id") return from_standard(standardise_identifier(raw));
  if (column == "full_name") return from_full_name(raw);
  if (column == "given_name" || column == "family_name") return from_name(raw);
  if (column == "address") return from_standard(standardise_address(raw));
  if (column == "city") return from_standard(standardise_city(raw));
  if (column == "postcode") return from_standard(standardise_postcode(raw, region));
  if (column == "birth_date") return from_standard(standardise_birth_date(raw, date_order(region), latest));
  if (column == "gender") return from_standard(standardise_gender(raw));
  HILO_CHECK(false);
  return {};
}

bool is_name(std::string_view column) { return column.ends_with("_name"); }

void answer_with(const Outcome& outcome, std::string_view column, store::TextAnswer& answer) {
  const auto put = [&](std::size_t field, const std::string& text) {
    if (!text.empty()) answer.set(field, text);
  };
  put(0, outcome.value);
  if (!is_name(column)) return;
  put(1, outcome.match_key);
  if (column != "full_name") return;
  put(2, outcome.given);
  put(3, outcome.family);
}

std::size_t argument_count(const StandardisedColumn& column) { return column.by_region ? 2 : 1; }

Outcome outcome_of(std::string_view column, std::span<const std::string_view> arguments, Date latest) {
  return standardise(column, arguments.front(), arguments.size() > 1 ? arguments[1] : "", latest);
}

store::TextFunction standard_function(const StandardisedColumn& column, Date latest) {
  std::vector<std::string> fields;
  if (is_name(column.name)) fields = {"value", "match_key"};
  if (column.name == "full_name") fields.insert(fields.end(), {"given", "family"});
  return {
      .name = fmt::format("standard_{}", column.name),
      .arguments = argument_count(column),
      .fields = std::move(fields),
      .apply = [name = column.name, latest](std::span<const std::string_view> arguments, store::TextAnswer& answer) {
        answer_with(outcome_of(name, arguments, latest), name, answer);
      }};
}

store::TextFunction fault_function(const StandardisedColumn& column, Date latest) {
  return {
      .name = fmt::format("fault_of_{}", column.name),
      .arguments = argument_count(column),
      .fields = {},
      .apply = [name = column.name, latest](std::span<const std::string_view> arguments, store::TextAnswer& answer) {
        const Outcome outcome = outcome_of(name, arguments, latest);
        if (outcome.standing == Standing::kInvalid) answer.set(0, outcome.reason);
      }};
}

}  // namespace

std::span<const StandardisedColumn> standardised_columns() {
  static constexpr auto kColumns = std::to_array<StandardisedColumn>({
      {.name = "email", .by_region = false},
      {.name = "phone", .by_region = true},
      {.name = "loyalty_id", .by_region = false},
      {.name = "device_id", .by_region = false},
      {.name = "full_name", .by_region = false},
      {.name = "given_name", .by_region = false},
      {.name = "family_name", .by_region = false},
      {.name = "address", .by_region = false},
      {.name = "city", .by_region = false},
      {.name = "postcode", .by_region = true},
      {.name = "country", .by_region = false},
      {.name = "birth_date", .by_region = true},
      {.name = "gender", .by_region = false},
  });
  return kColumns;
}

Status add_standard_functions(store::Connection& connection, Date latest) {
  for (const StandardisedColumn& column : standardised_columns()) {
    HILO_TRY(store::add_text_function(connection, standard_function(column, latest)));
    HILO_TRY(store::add_text_function(connection, fault_function(column, latest)));
  }
  return {};
}

}  // namespace hilo::ingest
