// The steps of a fold's program as they are made: each is typed, and made once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expr/fold/program.h"
#include "expr/fold/sql_type.h"
#include "expr/relation.h"

namespace hilo::expr {

/// What no step stands for: outside of what a fold knows. Whatever is made of it is outside, too.
inline constexpr int kOutside = -1;

/// Makes steps. Each call returns the step's number, or kOutside. Arithmetic is the engine's to the bit: what would
/// raise there stands in a TRY in canonical form, and is null.
class FoldSteps {
 public:
  FoldSteps(FoldScan& scan, const Workbench& bench) : scan_(scan), bench_(bench) {}

  [[nodiscard]] const SqlType& type(int step) const { return types_.at(static_cast<std::size_t>(step)); }
  int add(FoldStep step, const SqlType& type);
  int truth(FoldOp op, std::vector<int> inputs);

  int column(const std::string& name);
  /// Whether a step is the table's column of that name.
  [[nodiscard]] bool is_column(int step, std::string_view name) const;
  /// A value that the engine computes of the table's columns as the history is read.
  int computed(Json over_table);
  /// Keeps what a step is over the table's columns, and gives it back; null = it is not known to be such.
  void remember(int step, Json over_table) { over_table_.emplace(step, std::move(over_table)); }
  [[nodiscard]] Json over_table(int step) const;
  /// A value without columns, cast to a type where one is given; no text.
  int constant(const Json& node, std::string_view as = {});
  /// A literal in the form of what it is compared with, where no digit of it is lost.
  int comparable(const Json& node, const SqlType& other);
  int text_in(int text, std::vector<std::string> texts);
  int null_of(const SqlType& type);

  int shift(int moment, std::int64_t micros);
  int shift_months(int moment, std::int64_t months);
  int day_of(int moment);
  int days_between(int from, int to);
  int arithmetic(FoldOp op, int left, int right);
  /// A number as a double, as the engine casts it.
  int real_of(int number);
  /// The moment at which a day begins.
  int moment_of(int day);

  /// Writes the query of the constants. Returns false where the engine types one of them otherwise.
  [[nodiscard]] bool finish();

 private:
  int constant_of(Json value, const SqlType& type);
  [[nodiscard]] SqlType type_of_value(const Json& node) const;
  int read(FoldColumn column);
  int product(int left, int right);
  int decimal_sum(FoldOp op, int left, int right);
  int rescaled(int step, const SqlType& wanted);

  FoldScan& scan_;
  const Workbench& bench_;
  std::vector<SqlType> types_;                           // of the steps
  std::vector<std::pair<std::string, Json>> constants_;  // fingerprint and value
  std::map<int, Json> over_table_;                       // by step
};

/// Returns 10 to a power from 0 to 18.
[[nodiscard]] std::int64_t power_of_ten(int exponent);

}  // namespace hilo::expr
