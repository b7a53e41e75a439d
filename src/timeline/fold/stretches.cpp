#include "timeline/fold/stretches.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "expr/fold/relevant_rows.h"
#include "timeline/fold/aggregate.h"
#include "timeline/fold/calendar.h"
#include "timeline/fold/moving_rows.h"
#include "timeline/fold/put_results.h"
#include "timeline/fold/ranges.h"
#include "timeline/fold/scan_input.h"

namespace hilo::timeline {
namespace {

using expr::FoldAggregate;
using expr::FoldScan;
using store::quote_name;

// The stretches of some customers, and the results that they have.
struct Stretches {
  std::vector<std::int64_t> customers = {};
  std::vector<std::int64_t> first = {};
  std::vector<std::int64_t> until = {};
  std::vector<std::vector<std::int32_t>> picked = {};  // by aggregate: which of its results each has
  std::vector<Results> results = {};
  std::vector<std::shared_ptr<const Texts>> texts = {};  // that were made on the way
  bool in_order = true;                                  // whether rows come in the order of their days
};

// One aggregate, customer by customer: each stretch over which it stays the same is folded as if it were a customer.
class AggregateOverTime {
 public:
  AggregateOverTime(const FoldAggregate& aggregate, const MovingRows& rows)
      : aggregate_(aggregate), rows_(rows), aggregation_(aggregate) {}

  // Finds when a customer's rows [begin, end) count, and notes the places where the result may change.
  void place(const Evaluation& evaluation, std::size_t begin, std::span<const Places> there,
             std::vector<std::int32_t>& changes) {
    counting_.clear();
    changes_.clear();
    for (std::size_t at = 0; at < there.size(); ++at) {
      const std::optional<Places> places = rows_.of(evaluation, begin + at, there[at]);
      if (!places) continue;
      counting_.push_back({.row = begin + at, .places = *places});
      changes_.push_back(places->begin);
      changes_.push_back(places->end);
    }
    std::ranges::sort(changes_);
    changes_.erase(std::ranges::unique(changes_).begin(), changes_.end());
    changes.insert(changes.end(), changes_.begin(), changes_.end());
  }

  // Gathers the rows of each stretch from `span.begin` on.
  void gather(const Evaluation& evaluation, Places span) {
    std::erase_if(changes_, [&](std::int32_t place) { return place <= span.begin || place >= span.end; });
    changes_.insert(changes_.begin(), span.begin);
    current_ = made_ - 1;
    for (const std::int32_t place : changes_) {
      for (const Counting& each : counting_) {
        if (each.places.begin <= place && place < each.places.end) gathered_.push_back(each.row);
      }
      starts_.push_back(gathered_.size());
      ++made_;
      if (gathered_.size() >= kMostGathered) flush(evaluation);
    }
    next_ = changes_.begin();
  }

  // Which of its results holds at a place. **Requires**: places in ascending order, the first being the span's.
  std::int32_t result_at(std::int32_t place) {
    while (next_ != changes_.end() && *next_ <= place) {
      ++current_;
      ++next_;
    }
    return current_;
  }

  // Folds what was gathered, before the columns that it stands in are others.
  void flush(const Evaluation& evaluation) {
    if (starts_.size() == 1) return;
    const std::optional<Values> value = gathered(evaluation, aggregate_.value);
    const std::optional<Values> key = gathered(evaluation, aggregate_.key);
    const Slice value_slice = value ? value->slice() : Slice();
    const Slice key_slice = key ? key->slice() : Slice();
    aggregation_.add({.value = value ? &value_slice : nullptr, .rows = nullptr, .key = key ? &key_slice : nullptr},
                     starts_);
    gathered_.clear();
    starts_ = {0};
  }

  Results take() { return aggregation_.take(); }

 private:
  struct Counting {
    std::size_t row;
    Places places;
  };
  static constexpr std::size_t kMostGathered = 1'000'000;

  [[nodiscard]] std::optional<Values> gathered(const Evaluation& evaluation, int step) const {
    if (step < 0) return std::nullopt;
    const Slice& from = evaluation.step(step);
    Values values{.type = from.type, .has_nulls = true, .texts = from.texts};
    values.resize(gathered_.size());
    for (std::size_t at = 0; at < gathered_.size(); ++at) values.copy(from, gathered_[at], at);
    return values;
  }

  const FoldAggregate& aggregate_;
  const MovingRows& rows_;
  Aggregation aggregation_;
  std::vector<Counting> counting_;            // of a customer
  std::vector<std::int32_t> changes_;         // of a customer: where stretches begin
  std::vector<std::int32_t>::iterator next_;  // of these
  std::int32_t current_ = -1;                 // the number of the result
  std::int32_t made_ = 0;                     // results so far
  std::vector<std::size_t> gathered_;         // rows of the batch
  std::vector<std::size_t> starts_ = {0};     // in gathered_
};

// The stretches of one range of customers.
class RangeOverTime {
 public:
  RangeOverTime(const FoldScan& scan, const MovingScan& moving, const DaySpan& span, const History& history)
      : moving_(moving), span_(span), history_(history), days_(static_cast<std::int32_t>(span.days.size())) {
    for (std::size_t at = 0; at < scan.aggregates.size(); ++at)
      aggregates_.emplace_back(scan.aggregates[at], moving.aggregates[at]);
    made_.picked.resize(scan.aggregates.size());
  }

  void add_batch(const Evaluation& evaluation, std::size_t first, std::span<const std::size_t> starts) {
    for (std::size_t at = 0; at + 1 < starts.size(); ++at) {
      const std::int64_t customer = history_.customers[first + at];
      const auto known = std::ranges::lower_bound(span_.customers, customer);
      if (known == span_.customers.end() || *known != customer) continue;  // has rows, but is nobody yet
      const std::int32_t since = span_.first[static_cast<std::size_t>(known - span_.customers.begin())];
      if (!place_rows(starts[at], starts[at + 1], since)) return;
      add_customer(evaluation, customer, starts[at] - starts.front(), since);
    }
    for (AggregateOverTime& aggregate : aggregates_) aggregate.flush(evaluation);
  }

  Stretches take(Evaluation& evaluation) {
    for (AggregateOverTime& aggregate : aggregates_) made_.results.push_back(aggregate.take());
    made_.texts = evaluation.take_texts();
    return std::move(made_);
  }

 private:
  // Says from which place on each row is there.
  bool place_rows(std::size_t begin, std::size_t end, std::int32_t since) {
    there_.clear();
    const Values& times = history_.columns.front();
    std::int32_t last = 0;
    for (std::size_t row = begin; row < end; ++row) {
      const Date day{static_cast<std::int32_t>(day_of_moment(times.integers[row]))};
      const auto place = static_cast<std::int32_t>(std::ranges::lower_bound(span_.days, day) - span_.days.begin());
      made_.in_order = made_.in_order && (!moving_.is_ordered || place >= last);
      last = place;
      there_.push_back({.begin = std::max(place, since), .end = days_});
    }
    return made_.in_order;
  }

  void add_customer(const Evaluation& evaluation, std::int64_t customer, std::size_t begin, std::int32_t since) {
    changes_ = {since};
    for (AggregateOverTime& aggregate : aggregates_) {
      aggregate.place(evaluation, begin, there_, changes_);
      aggregate.gather(evaluation, {.begin = since, .end = days_});
    }
    std::erase_if(changes_, [&](std::int32_t place) { return place < since || place >= days_; });
    std::ranges::sort(changes_);
    changes_.erase(std::ranges::unique(changes_).begin(), changes_.end());
    for (std::size_t at = 0; at < changes_.size(); ++at) {
      made_.customers.push_back(customer);
      made_.first.push_back(changes_[at]);
      made_.until.push_back(at + 1 < changes_.size() ? changes_[at + 1] : days_);
      for (std::size_t which = 0; which < aggregates_.size(); ++which)
        made_.picked[which].push_back(aggregates_[which].result_at(changes_[at]));
    }
  }

  const MovingScan& moving_;
  const DaySpan& span_;
  const History& history_;
  std::int32_t days_;
  std::vector<AggregateOverTime> aggregates_;
  Stretches made_;
  std::vector<Places> there_;          // of a customer's rows
  std::vector<std::int32_t> changes_;  // of a customer: where any result may change
};

// Writes stretches, those of customers without rows among them.
class StretchWriter {
 public:
  StretchWriter(store::TableWriter writer, const DaySpan& span, std::size_t columns)
      : writer_(std::move(writer)), span_(span), picked_(columns) {}

  Status append(const Stretches& stretches) {
    for (std::size_t row = 0; row < stretches.customers.size(); ++row) {
      HILO_TRY(add_missing_before(stretches.customers[row], &stretches));
      if (next_ < span_.customers.size() && span_.customers[next_] == stretches.customers[row]) ++next_;
      for (std::size_t at = 0; at < picked_.size(); ++at) picked_[at].push_back(stretches.picked[at][row]);
      HILO_TRY(add(stretches.customers[row], stretches.first[row], stretches.until[row], &stretches));
    }
    return write(&stretches);
  }

  Status close() {
    HILO_TRY(add_missing_before(std::numeric_limits<std::int64_t>::max(), nullptr));
    HILO_TRY(write(nullptr));
    return writer_.close();
  }

 private:
  Status add_missing_before(std::int64_t customer, const Stretches* stretches) {
    for (; next_ < span_.customers.size() && span_.customers[next_] < customer; ++next_) {
      for (std::vector<std::int32_t>& picked : picked_) picked.push_back(-1);
      HILO_TRY(add(span_.customers[next_], span_.first[next_], std::ssize(span_.days), stretches));
    }
    return {};
  }

  Status add(std::int64_t customer, std::int64_t first, std::int64_t until, const Stretches* stretches) {
    customers_.push_back(customer);
    first_.push_back(first);
    until_.push_back(until);
    return customers_.size() == writer_.room() ? write(stretches) : Status{};
  }

  Status write(const Stretches* stretches) {
    const std::size_t count = customers_.size();
    std::size_t column = 0;
    for (std::vector<std::int64_t>* own : {&customers_, &first_, &until_}) {
      writer_.integers(column++, *own);
      own->clear();
    }
    for (std::size_t at = 0; at < picked_.size(); ++at) {
      if (stretches == nullptr) {
        writer_.nulls(column++, count);
      } else {
        put_results(writer_, column++, picked_[at], stretches->results[at]);
      }
      picked_[at].clear();
    }
    return writer_.end_rows(count);
  }

  store::TableWriter writer_;
  const DaySpan& span_;
  std::size_t next_ = 0;  // of the customers of the span
  std::vector<std::int64_t> customers_;
  std::vector<std::int64_t> first_;
  std::vector<std::int64_t> until_;
  std::vector<std::vector<std::int32_t>> picked_;  // by aggregate
};

std::string table_sql(const FoldScan& scan) {
  std::vector<store::Column> columns = {{"customer_id", "BIGINT"}, {"_first", "BIGINT"}, {"_until", "BIGINT"}};
  columns.insert(columns.end(), scan.results.begin(), scan.results.end());
  return fmt::format("create or replace temp table {}({})", quote_name(scan.name), store::column_definitions(columns));
}

// The ranges that hold some of the customers.
RangeSpan ranges_of(const std::vector<CustomerRange>& ranges, std::span<const std::int64_t> customers) {
  if (customers.empty()) return {};
  const auto begin = std::ranges::upper_bound(ranges, customers.front(), {}, &CustomerRange::end);
  const auto end = std::ranges::upper_bound(ranges, customers.back(), {}, &CustomerRange::begin);
  return {.begin = static_cast<std::size_t>(begin - ranges.begin()),
          .end = static_cast<std::size_t>(std::max(begin, end) - ranges.begin())};
}

}  // namespace

HistoryPlan plan_of(std::span<const FoldScan* const> scans) {
  HistoryPlan plan;
  bool are_all_relevant = false;
  for (const FoldScan* scan : scans) {
    add_columns(plan, *scan);
    std::optional<FoldScan> relevant = expr::relevant_rows(*scan);
    are_all_relevant = are_all_relevant || !relevant;
    if (relevant) plan.relevant.push_back(std::move(*relevant));
  }
  if (are_all_relevant) plan.relevant.clear();
  return plan;
}

Result<bool> write_stretches(store::Connection& connection, const FoldScan& scan, const DaySpan& span,
                             const HistoryPlan& plan, Histories& histories, std::int64_t rows_per_range) {
  HILO_ASSIGN(const std::optional<MovingScan> moving, moving_scan(connection, scan, span.days));
  if (!moving) return false;
  const std::vector<std::size_t> columns = columns_in(plan, scan);
  HILO_ASSIGN(const Constants constants, constants_of(connection, scan, span.days.back()));
  HILO_TRY(connection.execute(table_sql(scan)));
  HILO_ASSIGN(store::TableWriter table, store::TableWriter::open(connection, "temp", scan.name));
  StretchWriter writer(std::move(table), span, scan.aggregates.size());
  HILO_TRY(histories.open(plan, rows_per_range));
  const RangeSpan ranges = ranges_of(histories.ranges(), span.customers);
  bool in_order = true;
  const auto fold = [&](const History& history) {
    Evaluation evaluation(scan, constants.values, columns_of(history, columns));
    RangeOverTime range(scan, *moving, span, history);
    for_each_batch(history, evaluation, [&](std::size_t first, std::span<const std::size_t> starts) {
      range.add_batch(evaluation, first, starts);
    });
    return range.take(evaluation);
  };
  const auto append = [&](const Stretches& stretches) -> Status {
    in_order = in_order && stretches.in_order;
    return in_order ? writer.append(stretches) : Status();
  };
  HILO_TRY(fold_ranges(histories, ranges, span.days.back(), fold, append));
  HILO_TRY(writer.close());
  if (!in_order) HILO_TRY(connection.execute("drop table temp." + quote_name(scan.name)));
  return in_order;
}

}  // namespace hilo::timeline
