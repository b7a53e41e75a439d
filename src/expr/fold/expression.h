// Expressions over one row of a scan, made into steps.
#pragma once

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

/// Makes the steps of canonical expressions. Each call returns the step, or kOutside.
class FoldExpression {
 public:
  FoldExpression(FoldSteps& steps, const FoldNames& names) : steps_(steps), names_(names) {}
  int value(const Json& node);
  int condition(const Json& node);

 private:
  int named(const Json& node);
  int conjunction(const Json& node);
  int between(const Json& node);
  int comparison(std::string_view op, const Json& left, const Json& right);
  int compare(std::string_view op, int first, const Json& right);
  int text_test(std::string_view op, int text, const Json& literal);
  int operation(const Json& node);
  int in_list(const Json& children);
  int choice(const Json& node);
  int coalesce(const Json& children);
  int cast(const Json& node);
  int function(const Json& node);

  FoldSteps& steps_;
  const FoldNames& names_;
};

}  // namespace hilo::expr
