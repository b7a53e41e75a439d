#include "timeline/fold/histories.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/memory.h"
#include "timeline/flat_table.h"

namespace hilo::timeline {
namespace {

// Into how many consecutive ids customers are counted at a time, so that a range takes about a thousand counts: there
// may be as many customers as rows, or a few with millions.
Result<std::int64_t> ids_per_count(store::Connection& connection, const std::string& table,
                                   std::int64_t rows_per_range) {
  constexpr std::int64_t kCountsPerRange = 1'000;
  return connection.query_integer(fmt::format(
      "select greatest(1, (max(customer_id) - min(customer_id) + 1) * {} // {} // count(*))::bigint from main.{} where "
      "customer_id is not null",
      rows_per_range, kCountsPerRange, table));
}

// Ranges of customers with about so many rows each; a customer stays whole.
Result<std::vector<CustomerRange>> ranges_of(store::Connection& connection, const std::string& name,
                                             std::int64_t rows_per_range) {
  const std::string table = store::quote_name(name);
  HILO_ASSIGN(const std::int64_t ids, ids_per_count(connection, table, rows_per_range));
  HILO_ASSIGN(
      store::Rows bounds,
      connection.query(fmt::format(
          "select min(first), max(last) + 1 from (select first, last, sum(rows) over (order by first) // {} as part "
          "from (select min(customer_id) as first, max(customer_id) as last, count(*) as rows from main.{} where "
          "customer_id is not null group by customer_id // {})) group by part order by part",
          rows_per_range, table, std::max(ids, std::int64_t{1}))));
  std::vector<CustomerRange> ranges;
  HILO_TRY(bounds.for_each([&](const store::Chunk& chunk, std::size_t row) {
    ranges.push_back({chunk.integer(0, row), chunk.integer(1, row)});
  }));
  return ranges;
}

}  // namespace

Result<std::unique_ptr<Histories>> Histories::beside(store::Connection& connection) {
  std::unique_ptr<Histories> histories(new Histories);
  HILO_ASSIGN(histories->threads_, connection.query_integer("select current_setting('threads')::bigint"));
  while (std::ssize(histories->sessions_) < histories->threads_) {
    HILO_ASSIGN(store::Connection session, connection.beside());
    histories->sessions_.push_back(std::move(session));
  }
  histories->connection_ = &connection;
  return histories;
}

Result<std::unique_ptr<Histories>> Histories::of(store::Database database, int threads, Date last_day) {
  std::unique_ptr<Histories> histories(new Histories);
  histories->last_day_ = last_day;
  histories->database_ = std::move(database);
  for (int number = 0; number < threads; ++number) {
    HILO_ASSIGN(store::Connection session, histories->database_->connect());
    histories->sessions_.push_back(std::move(session));
  }
  return histories;
}

Status Histories::stand_back() { return connection_ == nullptr ? Status() : connection_->execute("set threads = 1"); }

Status Histories::stand_up() {
  return connection_ == nullptr ? Status() : connection_->execute(fmt::format("set threads = {}", threads_));
}

Result<std::size_t> Histories::open(const HistoryPlan& plan, std::int64_t rows_per_range) {
  Table& table = tables_[plan.table];
  table_ = &table;
  if (table.plan == plan && table.rows_per_range == rows_per_range) return table.ranges.size();
  for (const std::shared_ptr<const History>& history : table.kept) {
    if (history != nullptr) bytes_kept_ -= history->bytes();
  }
  table = {};
  HILO_ASSIGN(std::vector<CustomerRange> ranges, ranges_of(sessions_.front(), plan.table, rows_per_range));
  table = {.plan = plan, .rows_per_range = rows_per_range, .ranges = std::move(ranges)};
  table.kept.resize(table.ranges.size());
  return table.ranges.size();
}

Result<std::shared_ptr<const History>> Histories::read(std::size_t range, Date day, store::Connection& session) {
  const auto read_until = [&](Date until) -> Result<std::shared_ptr<const History>> {
    HILO_ASSIGN(History history, read_history(session, table_->plan, table_->ranges[range], until));
    return std::make_shared<const History>(std::move(history));
  };
  std::shared_ptr<const History>& kept = table_->kept[range];
  if (!last_day_ || *last_day_ < day || table_->plan.is_of_one_day()) return read_until(day);
  if (kept == nullptr) {
    if (!is_series_ || bytes_kept_ >= store::default_memory_bytes() / 2) return read_until(day);
    HILO_ASSIGN(kept, read_until(*last_day_));
    bytes_kept_ += kept->bytes();
  }
  return cut_off(kept, end_of(day));
}

}  // namespace hilo::timeline
