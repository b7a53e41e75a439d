#include "timeline/fold/fold_job.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "expr/fold/relevant_rows.h"
#include "timeline/flat_table.h"
#include "timeline/fold/aggregate.h"
#include "timeline/fold/histories.h"
#include "timeline/fold/put_results.h"
#include "timeline/fold/ranges.h"
#include "timeline/fold/scan_input.h"

namespace hilo::timeline {
namespace {

using expr::FoldScan;
using store::quote_name;

// The scans over one table, which is read once for all of them.
struct TableFold {
  HistoryPlan plan;
  std::vector<const FoldScan*> scans;
  std::vector<std::vector<std::size_t>> columns;  // by scan: which of the plan's columns it reads
  std::vector<Constants> constants;               // by scan
};

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
      table.scans.push_back(&scan);
      add_columns(table.plan, scan);
      table.columns.push_back(columns_in(table.plan, scan));
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
  Evaluation evaluation(scan, table.constants[which].values, columns_of(history, table.columns[which]));
  std::vector<Aggregation> aggregations(scan.aggregates.begin(), scan.aggregates.end());
  for_each_batch(history, evaluation, [&](std::size_t /*first*/, std::span<const std::size_t> starts) {
    for (Aggregation& aggregation : aggregations) aggregation.add(evaluation, starts);
  });
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
      results == nullptr ? writer_.nulls(at + 1, count) : put_results(writer_, at + 1, picked_, results->columns[at]);
    picked_.clear();
    return writer_.end_rows(count);
  }

  store::TableWriter writer_;
  std::span<const std::int64_t> customers_;
  std::size_t columns_;
  std::size_t next_ = 0;              // of the customers
  std::vector<std::int32_t> picked_;  // rows of results, for the customers before `next_` that are not written yet
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
  const auto fold_all = [&](const History& history) {
    std::vector<ScanResults> results;  // their texts are the history's, or made on the way
    for (std::size_t scan = 0; scan < table.scans.size(); ++scan) results.push_back(fold(history, table, scan));
    return results;
  };
  const auto append_all = [&](const std::vector<ScanResults>& results) -> Status {
    for (std::size_t scan = 0; scan < results.size(); ++scan) HILO_TRY(writers[scan].append(results[scan]));
    return {};
  };
  HILO_TRY(fold_ranges(histories, {.begin = 0, .end = ranges}, day.day, fold_all, append_all));
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
