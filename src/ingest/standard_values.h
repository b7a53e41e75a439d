// Standard forms as functions of SQL: one for each column of persons that has them.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "store/database.h"

namespace hilo::ingest {

/// A column of persons whose values have a standard form.
struct StandardisedColumn {
  std::string_view name;
  bool by_region;  ///< the form depends on the country: phone, postcode, birth date
};

[[nodiscard]] std::span<const StandardisedColumn> standardised_columns();

/// Makes, in the database of `connection`, for each column:
/// - `standard_<column>(raw)`, with `region` as second argument where the form depends on it: the standard form, or
/// null. VARCHAR; of names a STRUCT with `value` and `match_key`, of full names with `given` and `family` too;
/// - `fault_of_<column>`, with the same arguments: why the value cannot be one of its kind, or null where it can, is
/// empty or stands for nothing.
/// `latest` is the last possible birth date.
/// **Cost**: 15 microseconds a phone, 4 a full name, 2 an address, else less than 1: to look values up that were met
/// before costs as much.
[[nodiscard]] Status add_standard_functions(store::Connection& connection, Date latest);

}  // namespace hilo::ingest
