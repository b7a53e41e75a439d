// Functions over texts that a program computes, for use in SQL.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace hilo::store {

/// Where a function puts its answer for one row. A field that is not set is null.
class TextAnswer {
 public:
  virtual ~TextAnswer() = default;
  virtual void set(std::size_t field, std::string_view text) = 0;
};

/// A pure function from texts to texts. The engine asks it in several threads at a time, as often as it likes, and only
/// for rows in which no argument is null; the answer to any other row is null.
struct TextFunction {
  std::string name;
  std::size_t arguments = 1;
  std::vector<std::string> fields = {};  ///< none: the answer is a VARCHAR, field 0; else a STRUCT of VARCHARs
  std::function<void(std::span<const std::string_view> arguments, TextAnswer& answer)> apply;
};

/// Makes `name(arguments...)` callable in every session of the connection's database, as long as that is open.
[[nodiscard]] Status add_text_function(Connection& connection, TextFunction function);

}  // namespace hilo::store
