// Histories of segments in one pass over what happened, where their rules allow that.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/segment_history.h"
#include "expr/rule_over_time.h"
#include "timeline/fold/histories.h"

namespace hilo::app {

/// Segments on a series of days. What is read of the history for one segment serves the others.
class SegmentSeries {
 public:
  /// **Requires**: `rules` are the desk's; the desk outlives this. **Shape**: days ascend.
  [[nodiscard]] static Result<SegmentSeries> open(SegmentDesk& desk, const std::vector<const expr::SegmentRule*>& rules,
                                                  std::vector<Date> days);

  /// Returns what segment_history gives day by day; nothing where the rule needs each day's flat table
  /// (expr::rule_over_time, timeline::write_stretches). **Requires**: one of `rules`.
  /// **Errors**: the engine's; the rule runs too long.
  [[nodiscard]] Result<std::optional<SegmentHistory>> history(const expr::SegmentRule& rule, bool with_who,
                                                              const DayProgress& progress);

 private:
  // Who exists on the last of the days, and the place of the first day on which each does.
  struct Existing {
    std::vector<std::int64_t> customers = {};
    std::vector<std::int32_t> first = {};
  };

  SegmentSeries(SegmentDesk& desk, std::vector<Date> days)
      : desk_(&desk), days_(std::move(days)), limit_(desk.limit()) {}
  [[nodiscard]] Status read_existing();
  [[nodiscard]] Status read_rules(const std::vector<const expr::SegmentRule*>& rules);
  [[nodiscard]] Result<bool> write_stretches(const expr::RuleOverTime& rule, std::size_t first, std::size_t customers);
  [[nodiscard]] Result<bool> write_members(const expr::RuleOverTime& rule, const DayProgress& progress);
  [[nodiscard]] Result<std::vector<HistoryPoint>> points();

  SegmentDesk* desk_;
  std::vector<Date> days_;
  Existing existing_;
  std::map<std::string, expr::RuleOverTime> rules_;     ///< by name; those that can be made over time
  std::map<std::string, timeline::HistoryPlan> plans_;  ///< by table
  bool is_read_again_ = false;                          ///< whether several folds read one table
  Limit limit_;                                         ///< of a statement for some of the customers
  std::shared_ptr<timeline::Histories> histories_;
};

}  // namespace hilo::app
