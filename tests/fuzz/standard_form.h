// What must hold of every standard form, whatever it was made of.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "ingest/standardise/standard.h"
#include "target.h"

namespace hilo::fuzz {

/// Checks an answer in itself: a value only where standard, a reason only where refused.
inline void expect_coherent(const ingest::Standard& answer) {
  using ingest::Standing;
  expect((answer.standing == Standing::kStandard) == !answer.value.empty(), "a value only where standard",
         answer.value);
  const bool is_refused = answer.standing == Standing::kPlaceholder || answer.standing == Standing::kInvalid;
  expect(is_refused == !answer.reason.empty(), "a reason only where refused", answer.reason);
  expect(is_utf8(answer.value), "a standard form is text", answer.value);
  expect(trim(answer.value) == answer.value, "a standard form has no space around it", answer.value);
}

/// Checks the answer to `raw`, that equal inputs give equal answers, and that the standard form is its own. Returns it.
template <class Function>
ingest::Standard expect_standard_form(std::string_view what, std::string_view raw, const Function& standardise) {
  ingest::Standard answer = standardise(raw);
  expect_coherent(answer);
  expect_same(what, answer.value, standardise(raw).value);
  if (answer.standing == ingest::Standing::kStandard) {
    const ingest::Standard again = standardise(answer.value);
    expect(again.standing == ingest::Standing::kStandard, again.reason, answer.value);
    expect_same(what, answer.value, again.value);
  }
  return answer;
}

}  // namespace hilo::fuzz
