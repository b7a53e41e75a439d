#include "timeline/fold/history.h"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "timeline/flat_table.h"
#include "timeline/fold/evaluate.h"

namespace hilo::timeline {
namespace {

using expr::FoldScan;
using expr::FoldType;

// The rows as they come. Keys are the customer and what orders its rows.
struct Arrival {
  std::vector<std::vector<std::int64_t>> keys = {};
  std::vector<Values> columns = {};

  [[nodiscard]] std::size_t rows() const { return keys.front().size(); }
  [[nodiscard]] bool comes_before(std::size_t left, std::size_t right) const {
    for (const std::vector<std::int64_t>& key : keys) {
      if (key[left] != key[right]) return key[left] < key[right];
    }
    return false;
  }
};

// The order of the rows: the runs that are in order already, merged two by two.
std::vector<std::uint32_t> natural_order(const Arrival& arrival) {
  std::vector<std::uint32_t> order(arrival.rows());
  std::iota(order.begin(), order.end(), 0);
  std::vector<std::size_t> runs = {0};
  for (std::size_t row = 1; row < order.size(); ++row) {
    if (arrival.comes_before(row, row - 1)) runs.push_back(row);
  }
  runs.push_back(order.size());
  const auto before = [&](std::uint32_t left, std::uint32_t right) { return arrival.comes_before(left, right); };
  std::vector<std::uint32_t> merged(order.size());
  while (runs.size() > 2) {
    std::vector<std::size_t> longer = {0};
    for (std::size_t run = 0; run + 1 < runs.size(); run += 2) {
      const auto at = [&](std::size_t which) {
        return order.begin() + static_cast<std::ptrdiff_t>(runs[std::min(which, runs.size() - 1)]);
      };
      std::merge(at(run), at(run + 1), at(run + 1), at(run + 2),
                 merged.begin() + static_cast<std::ptrdiff_t>(runs[run]), before);
      longer.push_back(runs[std::min(run + 2, runs.size() - 1)]);
    }
    order.swap(merged);
    runs = std::move(longer);
  }
  return order;
}

template <class T>
std::vector<T> picked(const std::vector<T>& values, const std::vector<std::uint32_t>& rows) {
  std::vector<T> moved(values.empty() ? 0 : rows.size());
  for (std::size_t row = 0; row < moved.size(); ++row) moved[row] = values[rows[row]];
  return moved;
}

Values picked(const Values& values, const std::vector<std::uint32_t>& rows) {
  Values moved{.type = values.type, .has_nulls = values.has_nulls, .texts = values.texts};
  moved.truths = picked(values.truths, rows);
  moved.integers = picked(values.integers, rows);
  moved.reals = picked(values.reals, rows);
  moved.codes = picked(values.codes, rows);
  moved.nulls = picked(values.nulls, rows);
  return moved;
}

History in_order(Arrival arrival) {
  const std::vector<std::uint32_t> order = natural_order(arrival);
  History history;
  for (std::size_t row = 0; row < order.size(); ++row) {
    const std::int64_t customer = arrival.keys.front()[order[row]];
    if (!history.customers.empty() && history.customers.back() == customer) continue;
    history.customers.push_back(customer);
    history.first_rows.push_back(row);
  }
  history.first_rows.push_back(order.size());
  history.columns = std::move(arrival.columns);
  if (std::ranges::is_sorted(order)) return history;
  for (Values& values : history.columns) values = picked(values, order);
  return history;
}

// The rows of a history that are marked.
History rows_of(const History& history, const std::vector<std::uint8_t>& marked) {
  std::vector<std::uint32_t> rows;
  History some{.texts = history.texts};
  for (std::size_t customer = 0; customer < history.customers.size(); ++customer) {
    const std::size_t before = rows.size();
    for (std::size_t row = history.first_rows[customer]; row < history.first_rows[customer + 1]; ++row) {
      if (marked[row] != 0) rows.push_back(static_cast<std::uint32_t>(row));
    }
    if (rows.size() == before) continue;
    some.customers.push_back(history.customers[customer]);
    some.first_rows.push_back(before);
  }
  some.first_rows.push_back(rows.size());
  for (const Values& values : history.columns) some.columns.push_back(picked(values, rows));
  return some;
}

// Marks the rows that a scan counts.
void mark_counted(const History& history, const HistoryPlan& plan, const FoldScan& scan,
                  std::vector<std::uint8_t>& marked) {
  constexpr std::size_t kRowsPerBatch = 4'096;
  std::vector<const Values*> columns;
  for (const expr::FoldColumn& column : scan.columns)
    columns.push_back(
        &history.columns[static_cast<std::size_t>(std::ranges::find(plan.columns, column) - plan.columns.begin())]);
  const std::vector<Values> no_constants;
  Evaluation evaluation(scan, no_constants, std::move(columns));
  for (std::size_t begin = 0; begin < marked.size(); begin += kRowsPerBatch) {
    const std::size_t end = std::min(begin + kRowsPerBatch, marked.size());
    const std::array<std::size_t, 2> starts = {begin, end};  // whose rows they are does not matter
    evaluation.compute(starts);
    const Slice& counted = evaluation.step(scan.aggregates.front().rows);
    for (std::size_t row = begin; row < end; ++row)
      if (counted.truths[counted.at(row - begin)] == kTrue) marked[row] = 1;
  }
}

History relevant_rows(History history, const HistoryPlan& plan) {
  if (plan.relevant.empty()) return history;
  std::vector<std::uint8_t> marked(history.first_rows.back());
  for (const FoldScan& scan : plan.relevant) mark_counted(history, plan, scan, marked);
  return rows_of(history, marked);
}

}  // namespace

FoldType held_as(const std::string& type) {
  if (type == "BOOLEAN") return FoldType::kTruth;
  if (type == "DOUBLE") return FoldType::kReal;
  return type == "VARCHAR" ? FoldType::kText : FoldType::kInteger;
}

void take(const store::Chunk& chunk, std::size_t column, Values& values, Texts* texts) {
  const std::size_t before = values.rows();
  values.resize(before + chunk.size());
  switch (values.type) {
    case FoldType::kTruth:
      for (std::size_t row = 0; row < chunk.size(); ++row) {
        const bool null = chunk.is_null(column, row);
        values.truths[before + row] = null ? kUnknown : chunk.boolean(column, row) ? kTrue : kFalse;
      }
      return;
    case FoldType::kText: {
      std::vector<std::string_view> views(chunk.size());
      chunk.copy_texts(column, views.data());
      for (std::size_t row = 0; row < views.size(); ++row)
        values.codes[before + row] = views[row].data() == nullptr ? Texts::kNull : texts->code_of(views[row]);
      return;
    }
    case FoldType::kReal:
      for (std::size_t row = 0; row < chunk.size(); ++row) {
        const bool null = chunk.is_null(column, row);
        values.reals[before + row] = null ? 0 : chunk.real(column, row);
        values.nulls[before + row] = null ? 1 : 0;
        values.has_nulls = values.has_nulls || null;
      }
      return;
    case FoldType::kInteger:
    case FoldType::kHuge:
      if (chunk.copy_integers(column, &values.integers[before], &values.nulls[before])) values.has_nulls = true;
      return;
  }
}

Result<History> read_history(store::Connection& connection, const HistoryPlan& plan, const CustomerRange& range,
                             Date day) {
  std::string list = "customer_id";
  for (const std::string& name : plan.order) list += ", " + store::quote_name(name);
  Arrival arrival{.keys = std::vector<std::vector<std::int64_t>>(plan.order.size() + 1)};
  std::vector<std::shared_ptr<Texts>> texts;
  for (const expr::FoldColumn& column : plan.columns) {
    list += ", " + column.sql;
    Values& values = arrival.columns.emplace_back(Values{.type = held_as(column.type)});
    texts.push_back(values.type == FoldType::kText ? std::make_shared<Texts>() : nullptr);
    values.texts = texts.back().get();
  }
  store::Parameters parameters = day_parameters(day);
  parameters.insert(parameters.end(), {{"first", range.begin}, {"last", range.end}});
  HILO_ASSIGN(store::Rows rows,
              connection.query(fmt::format("select {} from main.{} where customer_id >= $first::bigint and customer_id "
                                           "< $last::bigint and time < $as_of::timestamp",
                                           list, store::quote_name(plan.table)),
                               parameters));
  std::vector<std::uint8_t> nulls;  // of keys, of which there are none
  while (true) {
    HILO_ASSIGN(const std::optional<store::Chunk> chunk, rows.next());
    if (!chunk) break;
    const std::size_t before = arrival.rows();
    nulls.resize(chunk->size());
    std::size_t column = 0;
    for (std::vector<std::int64_t>& key : arrival.keys) {
      key.resize(before + chunk->size());
      chunk->copy_integers(column++, &key[before], nulls.data());
    }
    for (std::size_t at = 0; at < arrival.columns.size(); ++at)
      take(*chunk, column++, arrival.columns[at], texts[at].get());
  }
  History history = in_order(std::move(arrival));
  history.texts.assign(texts.begin(), texts.end());
  return relevant_rows(std::move(history), plan);
}

std::size_t History::bytes() const {
  std::size_t bytes = customers.size() * sizeof(std::int64_t) + first_rows.size() * sizeof(std::size_t);
  for (const Values& values : columns)
    bytes += values.rows() * sizeof(std::int64_t) + values.nulls.size();  // at most: codes and truths are smaller
  for (const std::shared_ptr<const Texts>& each : texts) bytes += each == nullptr ? 0 : each->bytes();
  return bytes;
}

std::shared_ptr<const History> cut_off(std::shared_ptr<const History> history, store::WallTime as_of) {
  const Values& times = history->columns.front();
  std::vector<std::uint8_t> stays(times.rows());
  for (std::size_t row = 0; row < stays.size(); ++row)
    stays[row] = times.nulls[row] == 0 && times.integers[row] < as_of.micros ? 1 : 0;
  if (std::ranges::find(stays, 0) == stays.end()) return history;
  return std::make_shared<const History>(rows_of(*history, stays));
}

}  // namespace hilo::timeline
