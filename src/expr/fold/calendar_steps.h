// Calendar functions of one value, made into steps.
#pragma once

#include <functional>

#include "expr/fold/steps.h"

namespace hilo::expr {

/// Makes the step of date_trunc, date_part, year, month ..., last_day and date_diff; `value` gives the step of an
/// argument. Returns kOutside for all else.
[[nodiscard]] int calendar_step(const Json& node, FoldSteps& steps, const std::function<int(const Json&)>& value);

}  // namespace hilo::expr
