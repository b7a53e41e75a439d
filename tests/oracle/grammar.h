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
  std::string relation(const std::string& table);
  std::string scan();
  std::string aggregate();
  std::string any();
  std::string ranked();
  std::string whole(int depth);
  std::string decimal(int depth);
  std::string moment() { return dice_.of(moments_); }
  std::string date();
  std::string condition(int depth);
  std::string comparison();

  Dice& dice_;
  Values values_;
  std::vector<std::string> moments_ = {};
};

}  // namespace hilo::oracle
