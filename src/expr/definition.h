// The files that hold definitions: what they are handed over as, and the header comments that stand on top of them.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace hilo::expr {

/// One file of a workspace that holds one SQL definition.
struct DefinitionFile {
  std::string path;  ///< as errors show it, relative to the workspace
  std::string name;  ///< the file's name without folder and extension
  std::string text;
};

/// A table that definitions may read: its name and its columns in order.
struct TableSchema {
  std::string name;
  std::vector<store::Column> columns;
};

/// A value, or every fault that was found, in the order of the files and of their lines.
template <class T>
using Checked = std::expected<T, std::vector<Error>>;

/// One `key: value` of the leading comment lines. `line` and `column` (of the key) count from 1.
struct HeaderField {
  std::string key;
  std::string value;
  int line = 0;
  int column = 0;
};

/// Reads the leading comment lines of a definition: `-- source: pos   kind: pos   order_space: till`.
/// A line counts when it begins with a key, which is a lower-case name directly followed by a colon and then white
/// space or the line's end; any other comment line is prose. The next key of a line stands after two spaces or more (or
/// a tab); single spaces belong to the value. Blank lines are skipped; the first line of anything else ends the header.
/// **Shape**: in the order of the text, the same key as often as it stands there.
[[nodiscard]] std::vector<HeaderField> read_header(std::string_view text);

}  // namespace hilo::expr
