#include "timeline/fold/put_results.h"

#include <optional>
#include <string_view>
#include <vector>

namespace hilo::timeline {
namespace {

using expr::FoldType;

void put_list(store::TableWriter& writer, std::size_t column, std::size_t next, const Results& results,
              std::size_t row) {
  if (results.nulls[row] != 0) return writer.null_at(column, next);
  const std::size_t begin = row == 0 ? 0 : results.ends[row - 1];
  const std::size_t end = results.ends[row];
  if (results.type == FoldType::kText) {
    std::vector<std::optional<std::string_view>> texts;
    for (std::size_t one = begin; one < end; ++one) texts.emplace_back(results.texts->text(results.codes[one]));
    if (results.null_elements[row] != 0) texts.emplace_back();
    return writer.text_list(column, next, texts);
  }
  std::vector<std::optional<std::int64_t>> integers(results.integers.begin() + static_cast<std::ptrdiff_t>(begin),
                                                    results.integers.begin() + static_cast<std::ptrdiff_t>(end));
  if (results.null_elements[row] != 0) integers.emplace_back();
  writer.integer_list(column, next, integers);
}

void put_lists(store::TableWriter& writer, std::size_t column, std::span<const std::int32_t> picked,
               const Results& results) {
  for (std::size_t next = 0; next < picked.size(); ++next) {
    if (picked[next] < 0) {
      writer.null_at(column, next);
    } else {
      put_list(writer, column, next, results, static_cast<std::size_t>(picked[next]));
    }
  }
}

}  // namespace

void put_results(store::TableWriter& writer, std::size_t column, std::span<const std::int32_t> picked,
                 const Results& results) {
  if (results.are_lists) return put_lists(writer, column, picked, results);
  const store::TableWriter::Picked rows{picked, results.nulls.data()};
  switch (results.type) {
    case FoldType::kTruth: return writer.booleans(column, rows, results.integers.data());
    case FoldType::kInteger: return writer.integers(column, rows, results.integers.data());
    case FoldType::kHuge: return writer.huges(column, rows, results.huge.data());
    case FoldType::kReal: return writer.reals(column, rows, results.reals.data());
    case FoldType::kText:
      return writer.texts(column, rows, [&](std::size_t row) { return results.texts->text(results.codes[row]); });
  }
}

}  // namespace hilo::timeline
