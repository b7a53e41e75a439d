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

void Values::copy(const Slice& from, std::size_t from_row, std::size_t row) {
  const std::size_t at = from.at(from_row);
  switch (type) {
    case FoldType::kTruth: truths[row] = from.truths[at]; return;
    case FoldType::kText: codes[row] = from.codes[at]; return;
    case FoldType::kReal: reals[row] = from.reals[at]; break;
    case FoldType::kInteger:
    case FoldType::kHuge: integers[row] = from.integers[at]; break;
  }
  nulls[row] = from.nulls != nullptr ? from.nulls[at] : 0;
  has_nulls = has_nulls || nulls[row] != 0;
}

void Values::put_null(std::size_t row) {
  switch (type) {
    case FoldType::kTruth: truths[row] = kUnknown; return;
    case FoldType::kText: codes[row] = Texts::kNull; return;
    case FoldType::kReal: reals[row] = 0; break;
    case FoldType::kInteger:
    case FoldType::kHuge: integers[row] = 0; break;
  }
  nulls[row] = 1;
  has_nulls = true;
}

}  // namespace hilo::timeline
