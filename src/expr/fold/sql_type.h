// SQL's types, as far as a fold tells them apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "expr/fold/program.h"
#include "expr/parse_tree.h"

namespace hilo::expr {

inline constexpr int kDecimalDigits = 18;  ///< of a decimal that is held in 64 bits

enum class SqlKind : std::uint8_t { kOther, kTruth, kInteger, kDecimal, kDate, kMoment, kReal, kText };

struct SqlType {
  SqlKind kind = SqlKind::kOther;
  int width = 0;  ///< bits of an integer, digits of a decimal
  int scale = 0;
  bool operator==(const SqlType&) const = default;
};

/// Reads a type as SQL writes it; kOther is any that a fold does not know.
[[nodiscard]] SqlType parse_sql_type(std::string_view text);
/// Writes a type as SQL does; "" for kOther.
[[nodiscard]] std::string to_sql(const SqlType& type);
/// Returns how values of a type are held.
[[nodiscard]] std::optional<FoldType> held(const SqlType& type);

/// Returns whether an expression is a literal, and whether it is NULL.
[[nodiscard]] bool is_literal(const Json& node);
[[nodiscard]] bool is_null_literal(const Json& node);
[[nodiscard]] std::optional<std::string> text_literal(const Json& node);
/// Returns the type of a value without columns, as SQL writes it; "" where only the engine could tell.
[[nodiscard]] std::string type_of_constant(const Json& node);
/// Returns the length of an interval such as to_days(7) in microseconds; none of months and years, which have none.
[[nodiscard]] std::optional<std::int64_t> interval_micros(const Json& node);
/// Returns the months of an interval such as to_years(2).
[[nodiscard]] std::optional<std::int64_t> interval_months(const Json& node);

}  // namespace hilo::expr
