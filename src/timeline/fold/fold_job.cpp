#include "timeline/fold/fold_job.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "expr/fold/relevant_rows.h"
#include "timeline/flat_table.h"
#include "timeline/fold/aggregate.h"
#include "timeline/fold/histories.h"

namespace hilo::timeline {
namespace {

using expr::FoldScan;
using expr::FoldType;
using store::quote_name;

constexpr std::size_t kRowsPerBatch = 4'096;  // its columns stay in a processor's cache

// A scan's constants, one value each, and the texts that they are.
struct Constants {
  std::vector<Values> values = {};
  std::vector<std::unique_ptr<Texts>> texts = {};
};

// The scans over one table, which is read once for all of them.
struct TableFold {
  HistoryPlan plan;
  std::vector<const FoldScan*> scans;
  std::vector<std::vector<std::size_t>> columns;  // by scan: which of the plan's columns it reads
  std::vector<Constants> constants;               // by scan
};

Result<Constants> constants_of(store::Connection& connection, const FoldScan& scan, Date day) {
  Constants constants;
  if (scan.constants_sql.empty()) return constants;
  HILO_ASSIGN(store::Rows rows, connection.query(scan.constants_sql, day_parameters(day)));
  HILO_ASSIGN(const std::optional<store::Chunk> chunk, rows.next());
  HILO_CHECK(chunk && chunk->size() == 1);
  for (std::size_t at = 0; at < rows.columns().size(); ++at) {
    constants.texts.push_back(std::make_unique<Texts>());
    Values values{.type = held_as(rows.columns()[at].type), .same = true, .texts = constants.texts.back().get()};
    take(*chunk, at, values, constants.texts.back().get());
    constants.values.push_back(std::move(values));
  }
  HILO_ASSIGN(const std::optional<store::Chunk> none, rows.next());
  HILO_CHECK(!none);
  return constants;
}

// A row may be left out where no scan needs it.
void note_relevant_rows(TableFold& table) {
  for (const FoldScan* scan : table.scans) {
    std::optional<FoldScan> relevant = expr::relevant_rows(*scan);
    if (!relevant) return table.plan.relevant.clear();
    table.plan.relevant.push_back(std::move(*relevant));
  }
}

Result<std::vector<TableFold>> tables_of(store::Connection& connection, const expr::AttributeProgram& program,
                                         Date day) {
  std::map<std::string, TableFold> tables;
  for (const expr::AttributeSet& set : program.sets) {
    for (const FoldScan& scan : set.folds) {
      TableFold& table = tables[scan.table];
      if (table.plan.columns.empty())
        table.plan = {scan.table, scan.order, {{.sql = quote_name("time"), .type = "TIMESTAMP"}}};
      table.scans.push_back(&scan);
      std::vector<std::size_t>& columns = table.columns.emplace_back();
      for (const expr::FoldColumn& column : scan.columns) {
        auto known = std::ranges::find(table.plan.columns, column);
        if (known == table.plan.columns.end()) known = table.plan.columns.insert(known, column);
        columns.push_back(static_cast<std::size_t>(known - table.plan.columns.begin()));
      }
      HILO_ASSIGN(Constants constants, constants_of(connection, scan, day));
      table.constants.push_back(std::move(constants));
    }
  }
  std::vector<TableFold> list;
  for (auto& [name, table] : tables) {
    note_relevant_rows(table);
    list.push_back(std::move(table));
  }
  return list;
}

// The results of one scan for one range.
struct ScanResults {
  std::vector<std::int64_t> customers;
  std::vector<Results> columns;
  std::vector<std::shared_ptr<const Texts>> texts;  // that were made on the way
};

ScanResults fold(const History& history, const TableFold& table, std::size_t which) {
  const FoldScan& scan = *table.scans[which];
  std::vector<const Values*> columns;
  for (const std::size_t column : table.columns[which]) columns.push_back(&history.columns[column]);
  Evaluation evaluation(scan, table.constants[which].values, std::move(columns));
  std::vector<Aggregation> aggregations(scan.aggregates.begin(), scan.aggregates.end());
  const std::span<const std::size_t> all(history.first_rows);
  for (std::size_t begin = 0; begin < history.customers.size();) {
    std::size_t end = begin + 1;
    while (end < history.customers.size() && all[end + 1] - all[begin] <= kRowsPerBatch) ++end;
    const std::span<const std::size_t> starts = all.subspan(begin, end - begin + 1);
    evaluation.compute(starts);
    for (Aggregation& aggregation : aggregations) aggregation.add(evaluation, starts);
    begin = end;
  }
  ScanResults results{.customers = history.customers, .columns = {}, .texts = evaluation.take_texts()};
  for (Aggregation& aggregation : aggregations) results.columns.push_back(aggregation.take());
  return results;
}

// Writes a scan's results, one row for each of the customers who exist.
class ResultsWriter {
 public:
  ResultsWriter(store::TableWriter writer, std::span<const std::int64_t> customers, std::size_t columns)
      : writer_(std::move(writer)), customers_(customers), columns_(columns) {}

  // Results of customers after those before.
  Status append(const ScanResults& results) {
    for (std::size_t row = 0; row < results.customers.size(); ++row) {
      const std::int64_t customer = results.customers[row];
      while (next_ < customers_.size() && customers_[next_] < customer) HILO_TRY(pick(kNone, &results));
      if (next_ == customers_.size()) break;
      if (customers_[next_] != customer) continue;  // has rows, but is nobody yet
      HILO_TRY(pick(static_cast<std::int32_t>(row), &results));
    }
    return write(&results);
  }

  Status close() {
    while (next_ < customers_.size()) HILO_TRY(pick(kNone, nullptr));
    HILO_TRY(write(nullptr));
    return writer_.close();
  }

 private:
  static constexpr std::int32_t kNone = -1;

  Status pick(std::int32_t row, const ScanResults* results) {
    picked_.push_back(row);
    ++next_;
    return picked_.size() == writer_.room() ? write(results) : Status{};
  }

  // Writes the customers that were picked, column by column.
  Status write(const ScanResults* results) {
    const std::size_t count = picked_.size();
    writer_.integers(0, customers_.subspan(next_ - count, count));
    for (std::size_t at = 0; at < columns_; ++at)
      results == nullptr ? writer_.nulls(at + 1, count) : put(at + 1, results->columns[at]);
    picked_.clear();
    return writer_.end_rows(count);
  }

  void put(std::size_t at, const Results& column) {
    if (column.are_lists) return put_lists(at, column);
    const store::TableWriter::Picked picked{picked_, column.nulls.data()};
    switch (column.type) {
      case FoldType::kTruth: return writer_.booleans(at, picked, column.integers.data());
      case FoldType::kInteger: return writer_.integers(at, picked, column.integers.data());
      case FoldType::kHuge: return writer_.huges(at, picked, column.huge.data());
      case FoldType::kReal: return writer_.reals(at, picked, column.reals.data());
      case FoldType::kText:
        return writer_.texts(at, picked, [&](std::size_t row) { return column.texts->text(column.codes[row]); });
    }
  }

  void put_lists(std::size_t at, const Results& column) {
    for (std::size_t next = 0; next < picked_.size(); ++next) {
      if (picked_[next] < 0) {
        writer_.null_at(at, next);
      } else {
        put_list(at, next, column, static_cast<std::size_t>(picked_[next]));
      }
    }
  }

  void put_list(std::size_t at, std::size_t next, const Results& column, std::size_t row) {
    if (column.nulls[row] != 0) return writer_.null_at(at, next);
    const std::size_t begin = row == 0 ? 0 : column.ends[row - 1];
    const std::size_t end = column.ends[row];
    if (column.type == FoldType::kText) {
      std::vector<std::optional<std::string_view>> texts;
      for (std::size_t one = begin; one < end; ++one) texts.emplace_back(column.texts->text(column.codes[one]));
      if (column.null_elements[row] != 0) texts.emplace_back();
      return writer_.text_list(at, next, texts);
    }
    std::vector<std::optional<std::int64_t>> integers(column.integers.begin() + static_cast<std::ptrdiff_t>(begin),
                                                      column.integers.begin() + static_cast<std::ptrdiff_t>(end));
    if (column.null_elements[row] != 0) integers.emplace_back();
    writer_.integer_list(at, next, integers);
  }

  store::TableWriter writer_;
  std::span<const std::int64_t> customers_;
  std::size_t columns_;
  std::size_t next_ = 0;              // of the customers
  std::vector<std::int32_t> picked_;  // rows of results, for the customers before `next_` that are not written yet
};

// Threads that take ranges one after another and hand in their results in the order of the ranges.
class Folding {
 public:
  Folding(const TableFold& table, Histories& histories, std::size_t ranges, Date day,
          std::vector<ResultsWriter>& writers)
      : table_(table), histories_(histories), ranges_(ranges), day_(day), writers_(writers) {}

  Status run() {
    {
      std::vector<std::jthread> threads;
      for (store::Connection& session : histories_.sessions())
        threads.emplace_back([this, &session] { work(session); });
    }
    return failure_ ? std::unexpected(*failure_) : Status{};
  }

 private:
  void work(store::Connection& session) {
    while (true) {
      const std::size_t range = next_++;
      if (range >= ranges_) return;
      const auto history = histories_.read(range, day_, session);
      std::vector<ScanResults> results;  // their texts are the history's, or made on the way
      for (std::size_t scan = 0; history && scan < table_.scans.size(); ++scan)
        results.push_back(fold(**history, table_, scan));
      std::unique_lock lock(mutex_);
      turn_came_.wait(lock, [&] { return turn_ == range || failure_; });
      if (failure_) return;
      const Status done = history ? hand_in(results) : Status(std::unexpected(history.error()));
      if (!done) failure_ = done.error();
      ++turn_;
      turn_came_.notify_all();
      if (failure_) return;
    }
  }

  Status hand_in(const std::vector<ScanResults>& results) {
    for (std::size_t scan = 0; scan < results.size(); ++scan) HILO_TRY(writers_[scan].append(results[scan]));
    return {};
  }

  const TableFold& table_;
  Histories& histories_;
  std::size_t ranges_;
  Date day_;
  std::vector<ResultsWriter>& writers_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;  // over what follows, and the writers
  std::condition_variable turn_came_;
  std::size_t turn_ = 0;
  std::optional<Error> failure_;
};

Status write_table(store::Connection& connection, const TableFold& table, const FoldDay& day, Histories& histories,
                   std::int64_t rows_per_range) {
  std::vector<ResultsWriter> writers;
  for (const FoldScan* scan : table.scans) {
    std::vector<store::Column> columns = {{"customer_id", "BIGINT"}};
    columns.insert(columns.end(), scan->results.begin(), scan->results.end());
    HILO_TRY(connection.execute(fmt::format("create or replace temp table {}({})", quote_name(scan->name),
                                            store::column_definitions(columns))));
    HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "temp", scan->name));
    writers.emplace_back(std::move(writer), day.customers, scan->results.size());
  }
  HILO_ASSIGN(const std::size_t ranges, histories.open(table.plan, rows_per_range));
  HILO_TRY(Folding(table, histories, ranges, day.day, writers).run());
  for (ResultsWriter& writer : writers) HILO_TRY(writer.close());
  return {};
}

}  // namespace

Status write_folds(store::Connection& connection, const expr::AttributeProgram& program, const FoldDay& day,
                   Histories& histories, std::int64_t rows_per_range) {
  HILO_ASSIGN(const std::vector<TableFold> tables, tables_of(connection, program, day.day));
  HILO_TRY(histories.stand_back());
  Status done;
  for (const TableFold& table : tables) {
    done = write_table(connection, table, day, histories, rows_per_range);
    if (!done) break;
  }
  HILO_TRY(histories.stand_up());
  return done;
}

Status drop_folds(store::Connection& connection, const expr::AttributeProgram& program) {
  for (const expr::AttributeSet& set : program.sets) {
    for (const FoldScan& scan : set.folds) HILO_TRY(connection.execute("drop table " + quote_name(scan.name)));
  }
  return {};
}

}  // namespace hilo::timeline
