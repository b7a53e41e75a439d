// The canonical columns: the names through which a source's query says what its values mean (docs/TABLES.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hilo {

enum class ColumnRole : std::uint8_t {
  kIdentifier,  ///< names a person: may link records
  kPerson,      ///< describes a person
  kEvent,       ///< describes what happened
  kClock,       ///< when Hilo learned it, when the person's row was changed
};

struct CanonicalColumn {
  std::string_view name;
  std::string_view type;  ///< the SQL type that the log keeps
  ColumnRole role;
  bool contact;  ///< contact data: masked in rejects, kept in schema `contact`
};

/// Returns every canonical column, in the order in which tables and files list them.
[[nodiscard]] std::span<const CanonicalColumn> canonical_columns();
/// Returns the column of that name, or null. `consent_<anything>` is a person column of type BOOLEAN.
[[nodiscard]] const CanonicalColumn* find_canonical(std::string_view name);
/// Returns whether a name is of the form `consent_<channel>`.
[[nodiscard]] bool is_consent(std::string_view name);
/// Returns whether a column by its name likely holds contact data, in whatever source: used to mask rejected values.
[[nodiscard]] bool looks_like_contact(std::string_view name);
/// Returns whether what should be a column's name looks like a value, as in a file without its header line.
[[nodiscard]] bool looks_like_value(std::string_view name);
/// Returns the names of all canonical columns, for "did you mean".
[[nodiscard]] std::vector<std::string> canonical_names();

}  // namespace hilo
