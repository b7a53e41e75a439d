#include "timeline/fold/values.h"

namespace hilo::timeline {

using expr::FoldType;

void Values::resize(std::size_t rows) {
  switch (type) {
    case FoldType::kTruth: truths.resize(rows); return;
    case FoldType::kText: codes.resize(rows); return;
    case FoldType::kReal: reals.resize(rows); break;
    case FoldType::kInteger:
    case FoldType::kHuge: integers.resize(rows); break;
  }
  nulls.resize(rows);
}

Slice Values::slice(std::size_t begin) const {
  Slice view{.type = type, .same = same, .texts = texts};
  const std::size_t first = same ? 0 : begin;
  switch (type) {
    case FoldType::kTruth: view.truths = truths.data() + first; return view;
    case FoldType::kText: view.codes = codes.data() + first; return view;
    case FoldType::kReal: view.reals = reals.data() + first; break;
    case FoldType::kInteger:
    case FoldType::kHuge: view.integers = integers.data() + first; break;
  }
  if (has_nulls) view.nulls = nulls.data() + first;
  return view;
}

}  // namespace hilo::timeline
