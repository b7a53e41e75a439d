// Expressions over one row of a scan, made into steps.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/fold/steps.h"

namespace hilo::expr {

/// What the names of a relation stand for: a step, kOutside, or a column of the table that nobody read yet.
using FoldNames = std::map<std::string, int>;
inline constexpr int kUnread = -2;

/// Makes the step of a window, or kOutside.
using FoldWindow = std::function<int(const Json& node, const FoldNames& names)>;

/// Makes the steps of canonical expressions. Each call returns the step, or kOutside. What no step does, the engine
/// computes as it reads the rows, where it is made of nothing but the table's columns.
class FoldExpression {
 public:
  FoldExpression(FoldSteps& steps, const FoldNames& names, FoldWindow window)
      : steps_(steps), names_(names), window_(std::move(window)) {}
  int value(const Json& node);
  int condition(const Json& node);
  /// Returns the expression over the table's columns alone; null where it is of something else, too.
  [[nodiscard]] Json over_table(Json node) const;

 private:
  int known(const Json& node);
  [[nodiscard]] int named(const Json& node) const;
  int conjunction(const Json& node);
  int between(const Json& node);
  int comparison(std::string_view op, const Json& left, const Json& right);
  int compare(std::string_view op, int first, const Json& right);
  int operation(const Json& node);
  int in_list(const Json& children);
  int choice(const Json& node);
  int coalesce(const Json& children);
  int cast(const Json& node);
  int function(const Json& node);

  FoldSteps& steps_;
  const FoldNames& names_;
  FoldWindow window_;
};

}  // namespace hilo::expr
