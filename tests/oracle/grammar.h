// Random definitions of what a fold does, each of types that go together: the engine takes every one of them.
#pragma once

#include <string>
#include <vector>

#include "oracle/dice.h"
#include "oracle/history.h"

namespace hilo::oracle {

class Grammar {
 public:
  /// **Requires**: `dice` outlives this. Of extreme values a definition asks one thing: where a TRY fails, DuckDB 1.4.4
  /// may lose values of the columns that it reads for what stands beside it (docs/decisions/0020), and would not do as
  /// an oracle.
  Grammar(Dice& dice, Values values) : dice_(dice), values_(values) {}

  /// Attributes are named `prefix_0`, `prefix_1` ...
  std::string definition(const std::string& prefix);

 private:
  [[nodiscard]] bool is_extreme() const { return values_ == Values::kExtreme; }
  std::string relation(const std::string& table, int depth);
  std::string window(const std::string& table);
  std::string aggregate();
  std::string aggregate_of_number();
  std::string aggregate_of_order();
  std::string filter();
  std::string any();
  std::string ranked();
  std::string text();
  std::string whole(int depth);
  std::string decimal(int depth);
  std::string real();
  std::string moment();
  std::string date();
  std::string condition(int depth);
  std::string comparison();
  std::string comparison_of_time();
  std::string comparison_of_text();

  Dice& dice_;
  Values values_;
  // Columns that windows of a subquery add.
  std::vector<std::string> moments_ = {};
  std::vector<std::string> wholes_ = {};
  std::vector<std::string> texts_ = {};
};

}  // namespace hilo::oracle
