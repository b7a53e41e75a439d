#include "expr/fold/relevant_rows.h"

#include <algorithm>
#include <vector>

#include "expr/fold/part.h"

namespace hilo::expr {
namespace {

constexpr int kNone = -1;

bool is_window(FoldOp op) {
  switch (op) {
    case FoldOp::kLag:
    case FoldOp::kLead:
    case FoldOp::kRowNumber:
    case FoldOp::kRunningLeast:
    case FoldOp::kRunningGreatest:
    case FoldOp::kRunningCount:
    case FoldOp::kRunningFirst: return true;
    default: return false;
  }
}

// Which input of a window keeps rows apart.
std::size_t apart_input(FoldOp op) { return op == FoldOp::kRowNumber ? 1 : 2; }

// Adds the condition under which any aggregate takes a row, as far as it is the same on all days.
class RelevantRows {
 public:
  explicit RelevantRows(const FoldScan& scan) : scan_(scan), fixed_(scan.steps.size()) {
    for (std::size_t at = 0; at < scan_.steps.size(); ++at) {
      const FoldStep& step = scan_.steps[at];
      const bool by_day = step.op == FoldOp::kConstant ||
                          (step.op == FoldOp::kColumn && scan_.columns[static_cast<std::size_t>(step.number)].by_day);
      fixed_[at] = !by_day && !is_window(step.op) &&
                   std::ranges::all_of(step.inputs, [&](int input) { return fixed_[index(input)]; });
    }
  }

  std::optional<FoldScan> find() {
    if (!note_windows()) return std::nullopt;
    int any = kNone;
    const std::vector<FoldAggregate> aggregates = scan_.aggregates;
    for (const FoldAggregate& aggregate : aggregates) {
      int all = kNone;
      if (aggregate.rows >= 0) join_fixed(aggregate.rows, all);
      if (all == kNone) return std::nullopt;
      join(FoldOp::kOr, all, any);
    }
    if (any == kNone) return std::nullopt;
    scan_.aggregates = {{.kind = FoldAggregateKind::kCount, .rows = any}};
    scan_.results = {{"rows", "BIGINT"}};
    scan_.constants_sql.clear();
    return part_of(scan_, {"rows"});
  }

 private:
  static std::size_t index(int number) { return static_cast<std::size_t>(number); }

  // A row's window reaches other rows of its own: they may go only where all go that are kept apart by one column.
  bool note_windows() {
    for (const FoldStep& step : scan_.steps) {
      if (!is_window(step.op)) continue;
      if (step.inputs.size() <= apart_input(step.op)) return false;
      const FoldStep& apart = scan_.steps[index(step.inputs[apart_input(step.op)])];
      if (apart.op != FoldOp::kColumn || (apart_ && *apart_ != apart.number)) return false;
      apart_ = apart.number;
    }
    return true;
  }

  [[nodiscard]] bool may_decide(int number) const {
    const FoldStep& step = scan_.steps[index(number)];
    if (!fixed_[index(number)]) return false;
    if (!apart_) return true;
    const auto is_apart = [&](int input) {
      const FoldStep& column = scan_.steps[index(input)];
      return column.op == FoldOp::kColumn && column.number == *apart_;
    };
    return step.op == FoldOp::kTextIn && std::ranges::all_of(step.inputs, is_apart);
  }

  // Joins the parts of a condition that decide by themselves whether a row does not count.
  void join_fixed(int number, int& all) {
    if (may_decide(number)) return join(FoldOp::kAnd, number, all);
    if (scan_.steps[index(number)].op != FoldOp::kAnd) return;
    const std::vector<int> inputs = scan_.steps[index(number)].inputs;
    for (const int input : inputs) join_fixed(input, all);
  }

  void join(FoldOp op, int step, int& joined) {
    if (joined != kNone) {
      scan_.steps.push_back({.op = op, .type = FoldType::kTruth, .inputs = {joined, step}});
      fixed_.push_back(true);
      step = static_cast<int>(scan_.steps.size()) - 1;
    }
    joined = step;
  }

  FoldScan scan_;
  std::vector<bool> fixed_;
  std::optional<std::int64_t> apart_;  // the column that keeps rows of windows apart
};

}  // namespace

std::optional<FoldScan> relevant_rows(const FoldScan& scan) { return RelevantRows(scan).find(); }

}  // namespace hilo::expr
