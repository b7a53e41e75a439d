// The tables of the store, by the names that a question or an export can use.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace hilo::app {

/// Returns the names of the tables and views of the store (docs/TABLES.md), by name, those of schema contact left out.
/// No segment can have one of them: an export could not tell which is meant.
[[nodiscard]] const std::vector<std::string>& table_names();
/// Returns the names of the tables of schema contact, with it: `contact.customers`.
[[nodiscard]] const std::vector<std::string>& contact_table_names();
/// Returns the columns that name a row of a table, none where it has one row; nothing for a table in which no row has a
/// name, and for one that is not of a store.
[[nodiscard]] std::optional<std::vector<std::string>> key_of_table(const std::string& table);

}  // namespace hilo::app
