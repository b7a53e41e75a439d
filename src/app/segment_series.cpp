#include "app/segment_series.h"

#include <algorithm>
#include <mutex>
#include <ranges>
#include <span>

#include <fmt/format.h>

#include "app/time_limit.h"
#include "expr/rule_over_time.h"
#include "expr/tokens.h"
#include "segment/membership.h"
#include "timeline/flat_table.h"
#include "timeline/fold/stretches.h"
#include "timeline/golden_stretches.h"

namespace hilo::app {
namespace {

using store::quote_name;

constexpr const char* kStretches = "stretches_halved";
constexpr const char* kGoldenStretches = "golden_stretches";

std::string on_day(const std::string& sql, const std::string& day) {
  return fmt::format("({})", expr::with_day_from(sql, day, fmt::format("({} + 1)::timestamp", day)));
}

// A table of stretches, and what the texts of a rule call it.
struct StretchTable {
  std::string name;
  std::string table;
};

std::vector<StretchTable> stretches_of(const expr::RuleOverTime& rule) {
  std::vector<StretchTable> tables;
  for (const expr::RuleOverTime::Source& source : rule.sources) tables.push_back({source.name, source.fold.name});
  if (!rule.golden.empty()) tables.push_back({expr::kGoldenSource, kGoldenStretches});
  return tables;
}

// The places in a series of days at which somebody is a member, from the stretches over which no attribute changes but
// by the day itself.
class Memberships {
 public:
  Memberships(store::Connection& connection, const expr::RuleOverTime& rule)
      : connection_(connection),
        rule_(rule),
        sources_(stretches_of(rule)),
        alias_(quote_name(sources_.size() == 1 ? sources_.front().name : kStretches)) {}

  // Makes the temp table member_places(customer_id, _first, _until).
  Status open() {
    return connection_.execute(
        "create or replace temp table member_places(customer_id bigint, _first bigint, _until bigint)");
  }

  // Adds the places of the customers whose stretches stand, and drops these. Stretches within which a condition turns
  // are halved until none does.
  Status add() {
    HILO_TRY(add_members(joined()));
    while (!rule_.turns.empty()) {
      HILO_TRY(connection_.execute(fmt::format(
          "create or replace temp table {} as from (select * replace ((_first + _until) // 2 as _until) from "
          "stretches_uneven union all select * replace ((_first + _until) // 2 as _first) from "
          "stretches_uneven)",
          kStretches)));
      HILO_TRY(add_members(kStretches));
      HILO_ASSIGN(const std::int64_t left, connection_.query_integer("select count(*) from stretches_uneven"));
      if (left == 0) break;
    }
    return drop_tables();
  }

 private:
  // The stretches over which nothing changes that the rule reads. Of several sources each customer's begin where one of
  // any source does, and what each source gives there is a column with its name.
  [[nodiscard]] std::string joined() const {
    if (sources_.size() == 1) return quote_name(sources_.front().table);
    std::string begins;
    std::string columns;
    std::string joins;
    for (std::size_t at = 0; at < sources_.size(); ++at) {
      const std::string table = quote_name(sources_[at].table);
      begins += fmt::format("{}select customer_id, _first from {}", at == 0 ? "" : " union ", table);
      columns += fmt::format(", _s{} as {}", at, quote_name(sources_[at].name));
      joins += fmt::format(" asof join {0} _s{1} on _s{1}.customer_id = _b.customer_id and _s{1}._first <= _b._first",
                           table, at);
    }
    return fmt::format(
        "(select _b.*, lead(_b._first, 1, (select count(*) from series)) over (partition by _b.customer_id order by "
        "_b._first) as _until{} from ({}) _b{})",
        columns, begins, joins);
  }

  // Adds the members of stretches within which no condition turns, and leaves the rest in stretches_uneven.
  Status add_members(const std::string& stretches) {
    const std::string from = fmt::format(
        "{0} as {1} join series _at_first on _at_first._place = {1}._first join series _at_last on "
        "_at_last._place = {1}._until - 1",
        stretches, alias_);
    HILO_TRY(connection_.execute(
        fmt::format("insert into member_places select customer_id, _first, _until from {} where {} and {}", from,
                    on_day(rule_.member, "_at_first._day"), is_even())));
    if (rule_.turns.empty()) return {};
    return connection_.execute(fmt::format(
        "create or replace temp table stretches_uneven as select {}.* from {} where not {}", alias_, from, is_even()));
  }

  [[nodiscard]] std::string is_even() const {
    std::string even = "true";
    for (const std::string& turn : rule_.turns)
      even +=
          fmt::format(" and {} is not distinct from {}", on_day(turn, "_at_first._day"), on_day(turn, "_at_last._day"));
    return fmt::format("({})", even);
  }

  Status drop_tables() {
    std::string sql =
        fmt::format("drop table if exists temp.{}; drop table if exists temp.stretches_uneven", kStretches);
    for (const StretchTable& source : sources_) sql += "; drop table temp." + quote_name(source.table);
    return connection_.execute(sql);
  }

  store::Connection& connection_;
  const expr::RuleOverTime& rule_;
  std::vector<StretchTable> sources_;
  std::string alias_;
};

// Who begins to be a member at a place, and who ceases to be one.
constexpr std::string_view kBegins =
    "(select customer_id, _first as place from member_places m anti join member_places b on b.customer_id = "
    "m.customer_id and b._until = m._first)";
constexpr std::string_view kCeases =
    "(select customer_id, _until as place from member_places m anti join member_places a on a.customer_id = "
    "m.customer_id and a._first = m._until)";

Result<std::vector<std::int64_t>> count_by_place(store::Connection& connection, std::string_view changes,
                                                 std::size_t places) {
  std::vector<std::int64_t> counts(places + 1);  // who never ceases, does so behind the last place
  HILO_ASSIGN(store::Rows rows,
              connection.query(fmt::format("select place, count(*) from {} group by place", changes)));
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    counts[static_cast<std::size_t>(chunk.integer(0, row))] = chunk.integer(1, row);
  }));
  return counts;
}

// Stretches of all customers at once may take more memory than there is: each result more has columns and changes more.
std::size_t customers_per_part(const expr::RuleOverTime& rule) {
  constexpr std::size_t kValues = 4'000'000;
  std::size_t columns = 2 + rule.golden.size();
  for (const expr::RuleOverTime::Source& source : rule.sources) columns += source.fold.results.size();
  return std::max<std::size_t>(1, kValues / columns);
}

}  // namespace

Result<SegmentSeries> SegmentSeries::open(SegmentDesk& desk, const std::vector<const expr::SegmentRule*>& rules,
                                          std::vector<Date> days) {
  SegmentSeries series(desk, std::move(days));
  series.limit_.seconds *= std::ssize(series.days_);  // each day may take as long
  HILO_TRY(series.read_rules(rules));
  if (series.rules_.empty()) return series;
  HILO_TRY(series.read_existing());
  HILO_TRY(timeline::write_series(desk.reader().connection(), series.days_));
  HILO_ASSIGN(series.histories_, desk.reader().past().histories(series.days_.back()));
  if (series.is_read_again_) series.histories_->expect_more();
  return series;
}

Status SegmentSeries::read_rules(const std::vector<const expr::SegmentRule*>& rules) {
  HILO_ASSIGN(store::Database database, store::Database::open(""));
  HILO_ASSIGN(store::Connection scratch, database.connect());
  const std::vector<std::string> golden = timeline::golden_columns_over_time(desk_->reader().past().table());
  for (const expr::SegmentRule* rule : rules) {
    const timeline::FlatTable part =
        timeline::part_of(desk_->reader().past().table(), segment::columns_needed(desk_->program(), {rule->name}));
    auto over_time =
        expr::rule_over_time(desk_->program(), *rule, {.attributes = part.program, .golden = golden}, scratch);
    // What is wrong with a rule is told where its days are computed one by one.
    if (over_time && *over_time) rules_.emplace(rule->name, std::move(**over_time));
  }
  std::map<std::string, std::vector<const expr::FoldScan*>> scans;
  for (const auto& [name, rule] : rules_) {
    for (const expr::RuleOverTime::Source& source : rule.sources) scans[source.fold.table].push_back(&source.fold);
  }
  for (const auto& [table, of_table] : scans) {
    plans_.emplace(table, timeline::plan_of(of_table));
    is_read_again_ = is_read_again_ || of_table.size() > 1;
  }
  return {};
}

Status SegmentSeries::read_existing() {
  HILO_ASSIGN(store::Rows rows, desk_->reader().connection().query(
                                    "select customer_id, exists_from::date - date '1970-01-01' from customer_spans "
                                    "where exists_from < $as_of::timestamp and $day::date is not null order by "
                                    "customer_id",
                                    timeline::day_parameters(days_.back())));
  return rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    const Date since{static_cast<std::int32_t>(chunk.integer(1, row))};
    existing_.customers.push_back(chunk.integer(0, row));
    existing_.first.push_back(static_cast<std::int32_t>(std::ranges::lower_bound(days_, since) - days_.begin()));
  });
}

// Makes the stretches of some customers. Returns false where that cannot be.
Result<bool> SegmentSeries::write_stretches(const expr::RuleOverTime& rule, std::size_t first, std::size_t customers) {
  store::Connection& connection = desk_->reader().connection();
  const timeline::DaySpan span{.days = days_,
                               .customers = std::span(existing_.customers).subspan(first, customers),
                               .first = std::span(existing_.first).subspan(first, customers)};
  const std::lock_guard lock(desk_->reader().past().one_at_a_time());
  for (const expr::RuleOverTime::Source& source : rule.sources) {
    HILO_ASSIGN(const bool made,
                timeline::write_stretches(connection, source.fold, span, plans_.at(source.fold.table), *histories_));
    if (!made) return false;
  }
  if (rule.golden.empty()) return true;
  const TimeLimit limit(connection, limit_);
  if (Status written =
          timeline::write_golden_stretches(connection, rule.golden, kGoldenStretches,
                                           {.begin = span.customers.front(), .end = span.customers.back() + 1});
      !written)
    return std::unexpected(limit.told(std::move(written).error()));
  return true;
}

// Customers part by part.
Result<bool> SegmentSeries::write_members(const expr::RuleOverTime& rule, const DayProgress& progress) {
  Memberships memberships(desk_->reader().connection(), rule);
  HILO_TRY(memberships.open());
  const std::size_t all = existing_.customers.size();
  const std::size_t part = customers_per_part(rule);
  for (std::size_t first = 0; first < all; first += part) {
    progress(std::ssize(days_) * static_cast<std::int64_t>(first) / static_cast<std::int64_t>(all), std::ssize(days_));
    HILO_ASSIGN(const bool made, write_stretches(rule, first, std::min(part, all - first)));
    if (!made) return false;
    const TimeLimit limit(desk_->reader().connection(), limit_);
    if (Status added = memberships.add(); !added) return std::unexpected(limit.told(std::move(added).error()));
  }
  return true;
}

Result<std::optional<SegmentHistory>> SegmentSeries::history(const expr::SegmentRule& rule, bool with_who,
                                                             const DayProgress& progress) {
  const auto over_time = rules_.find(rule.name);
  if (over_time == rules_.end()) return std::nullopt;
  HILO_ASSIGN(const bool made, write_members(over_time->second, progress));
  if (!made) return std::nullopt;
  store::Connection& connection = desk_->reader().connection();
  SegmentHistory history;
  HILO_ASSIGN(history.points, points());
  if (with_who) {
    HILO_ASSIGN(history.who,
                query_table(connection, fmt::format("select _day as day, change, customer_id from (select *, 'entered' "
                                                    "as change from {} where place > 0 union all select *, 'left' from "
                                                    "{}) join series on _place = place order by all",
                                                    kBegins, kCeases)));
  }
  progress(std::ssize(days_), std::ssize(days_));
  return history;
}

Result<std::vector<HistoryPoint>> SegmentSeries::points() {
  store::Connection& connection = desk_->reader().connection();
  HILO_ASSIGN(const auto entered, count_by_place(connection, kBegins, days_.size()));
  HILO_ASSIGN(const auto left, count_by_place(connection, kCeases, days_.size()));
  std::vector<std::int64_t> come(days_.size());
  for (const std::int32_t first : existing_.first) ++come[static_cast<std::size_t>(first)];
  std::vector<HistoryPoint> points;
  HistoryPoint point;
  for (std::size_t at = 0; at < days_.size(); ++at) {
    point.day = days_[at];
    point.customers += come[at];
    point.members += entered[at] - left[at];
    if (at > 0) {
      point.entered = entered[at];
      point.left = left[at];
    }
    points.push_back(point);
  }
  return points;
}

}  // namespace hilo::app
