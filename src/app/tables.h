// The tables of the store, by the names that a question or an export can use.
#pragma once

#include <string>
#include <vector>

namespace hilo::app {

/// Returns the names of the tables and views of the store (docs/TABLES.md), by name, those of schema contact left out.
/// No segment can have one of them: an export could not tell which is meant.
[[nodiscard]] const std::vector<std::string>& table_names();
/// Returns the names of the tables of schema contact, with it: `contact.customers`.
[[nodiscard]] const std::vector<std::string>& contact_table_names();

}  // namespace hilo::app
