#include "expr/fold/part.h"

#include <vector>

namespace hilo::expr {
namespace {

constexpr int kUnused = -1;

std::size_t index(int number) { return static_cast<std::size_t>(number); }

// Which steps the aggregates take, and what they are numbered without the rest.
std::vector<int> numbers_of(const FoldScan& scan, const std::vector<FoldAggregate>& aggregates) {
  std::vector<bool> used(scan.steps.size());
  for (const FoldAggregate& aggregate : aggregates) {
    for (const int step : {aggregate.value, aggregate.rows, aggregate.key}) {
      if (step >= 0) used[index(step)] = true;
    }
  }
  for (std::size_t step = scan.steps.size(); step-- > 0;) {  // inputs are earlier steps
    if (!used[step]) continue;
    for (const int input : scan.steps[step].inputs) used[index(input)] = true;
  }
  std::vector<int> numbers(scan.steps.size(), kUnused);
  int next = 0;
  for (std::size_t step = 0; step < used.size(); ++step) {
    if (used[step]) numbers[step] = next++;
  }
  return numbers;
}

// Where a column stands among those that are read; it is added where it is not.
std::int64_t place_of(const FoldColumn& column, std::vector<FoldColumn>& columns) {
  for (std::size_t at = 0; at < columns.size(); ++at) {
    if (columns[at] == column) return static_cast<std::int64_t>(at);
  }
  columns.push_back(column);
  return static_cast<std::int64_t>(columns.size()) - 1;
}

}  // namespace

FoldScan part_of(const FoldScan& scan, const std::set<std::string>& results) {
  FoldScan part{.name = scan.name,
                .table = scan.table,
                .order = scan.order,
                .columns = {},
                .constants_sql = scan.constants_sql,
                .steps = {},
                .aggregates = {},
                .results = {}};
  for (std::size_t at = 0; at < scan.results.size(); ++at) {
    if (!results.contains(scan.results[at].name)) continue;
    part.results.push_back(scan.results[at]);
    part.aggregates.push_back(scan.aggregates[at]);
  }
  const std::vector<int> numbers = numbers_of(scan, part.aggregates);
  for (FoldAggregate& aggregate : part.aggregates) {
    if (aggregate.value >= 0) aggregate.value = numbers[index(aggregate.value)];
    if (aggregate.rows >= 0) aggregate.rows = numbers[index(aggregate.rows)];
    if (aggregate.key >= 0) aggregate.key = numbers[index(aggregate.key)];
  }
  for (std::size_t at = 0; at < scan.steps.size(); ++at) {
    if (numbers[at] == kUnused) continue;
    FoldStep step = scan.steps[at];
    for (int& input : step.inputs) input = numbers[index(input)];
    if (step.op == FoldOp::kColumn)
      step.number = place_of(scan.columns[static_cast<std::size_t>(step.number)], part.columns);
    part.steps.push_back(std::move(step));
  }
  return part;
}

}  // namespace hilo::expr
