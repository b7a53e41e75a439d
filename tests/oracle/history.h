// Random histories: events, items and versions of a few customers.
#pragma once

#include <cstdint>
#include <vector>

#include "expr/attributes.h"
#include "oracle/dice.h"
#include "store/database.h"

namespace hilo::oracle {

inline constexpr int kCustomers = 30;

/// Usual values, or some of them at the ends of their types: sums and products of these overflow.
enum class Values : std::uint8_t { kUsual, kExtreme };

/// Returns the columns of the tables that definitions read.
[[nodiscard]] const std::vector<expr::TableSchema>& schema();

/// Makes the tables anew: rows in no order, ties in time, nulls, rows of nobody, customers without rows.
[[nodiscard]] Status make_tables(store::Connection& connection, Dice& dice, Values values);

}  // namespace hilo::oracle
