#include "timeline/fold/history.h"

#include <algorithm>
#include <numeric>
#include <span>

#include <fmt/format.h>

namespace hilo::timeline {
namespace {

using expr::FoldType;

// The rows as they come: keys are the customer and what orders its rows, one after another for each row.
struct Arrival {
  std::size_t key_width;
  std::vector<std::int64_t> keys = {};
  std::vector<Values> columns = {};

  [[nodiscard]] std::size_t rows() const { return keys.size() / key_width; }
  [[nodiscard]] std::span<const std::int64_t> key(std::size_t row) const {
    return {keys.data() + row * key_width, key_width};
  }
  [[nodiscard]] bool comes_before(std::size_t left, std::size_t right) const {
    return std::ranges::lexicographical_compare(key(left), key(right));
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
void reorder(std::vector<T>& values, const std::vector<std::uint32_t>& order) {
  if (values.empty()) return;
  std::vector<T> moved(values.size());
  for (std::size_t row = 0; row < order.size(); ++row) moved[row] = values[order[row]];
  values = std::move(moved);
}

History in_order(Arrival arrival) {
  const std::vector<std::uint32_t> order = natural_order(arrival);
  History history;
  for (std::size_t row = 0; row < order.size(); ++row) {
    const std::int64_t customer = arrival.key(order[row]).front();
    if (!history.customers.empty() && history.customers.back() == customer) continue;
    history.customers.push_back(customer);
    history.first_rows.push_back(row);
  }
  history.first_rows.push_back(order.size());
  history.columns = std::move(arrival.columns);
  if (std::ranges::is_sorted(order)) return history;
  for (Values& values : history.columns) {
    reorder(values.truths, order);
    reorder(values.integers, order);
    reorder(values.reals, order);
    reorder(values.codes, order);
    reorder(values.nulls, order);
  }
  return history;
}

}  // namespace

FoldType held_as(const std::string& type) {
  if (type == "BOOLEAN") return FoldType::kTruth;
  if (type == "DOUBLE") return FoldType::kReal;
  return type == "VARCHAR" ? FoldType::kText : FoldType::kInteger;
}

void take(const store::Chunk& chunk, std::size_t column, Values& values, Texts* texts) {
  const std::size_t before = values.truths.size() + values.integers.size() + values.reals.size() + values.codes.size();
  values.resize(before + chunk.size());
  for (std::size_t row = 0; row < chunk.size(); ++row) {
    const std::size_t at = before + row;
    const bool null = chunk.is_null(column, row);
    switch (values.type) {
      case FoldType::kTruth:
        values.truths[at] = null ? kUnknown : chunk.boolean(column, row) ? kTrue : kFalse;
        continue;
      case FoldType::kText: values.codes[at] = null ? Texts::kNull : texts->code_of(chunk.text(column, row)); continue;
      case FoldType::kReal: values.reals[at] = null ? 0 : chunk.real(column, row); break;
      case FoldType::kInteger:
      case FoldType::kHuge: values.integers[at] = null ? 0 : chunk.integer(column, row); break;
    }
    values.nulls[at] = null ? 1 : 0;
    values.has_nulls = values.has_nulls || null;
  }
}

Result<History> read_history(store::Connection& connection, const HistoryPlan& plan, const CustomerRange& range,
                             store::WallTime as_of) {
  std::string list = "customer_id";
  for (const std::string& name : plan.order) list += ", " + store::quote_name(name);
  Arrival arrival{.key_width = plan.order.size() + 1};
  std::vector<std::unique_ptr<Texts>> texts;
  for (const store::Column& column : plan.columns) {
    list += ", " + store::quote_name(column.name);
    Values& values = arrival.columns.emplace_back(Values{.type = held_as(column.type)});
    texts.push_back(values.type == FoldType::kText ? std::make_unique<Texts>() : nullptr);
    values.texts = texts.back().get();
  }
  HILO_ASSIGN(store::Rows rows,
              connection.query(fmt::format("select {} from main.{} where customer_id >= $first::bigint and customer_id "
                                           "< $last::bigint and time < $as_of::timestamp",
                                           list, store::quote_name(plan.table)),
                               {{"first", range.begin}, {"last", range.end}, {"as_of", as_of}}));
  while (true) {
    HILO_ASSIGN(const std::optional<store::Chunk> chunk, rows.next());
    if (!chunk) break;
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      for (std::size_t key = 0; key < arrival.key_width; ++key) arrival.keys.push_back(chunk->integer(key, row));
    }
    for (std::size_t column = 0; column < arrival.columns.size(); ++column) {
      take(*chunk, arrival.key_width + column, arrival.columns[column], texts[column].get());
    }
  }
  History history = in_order(std::move(arrival));
  history.texts = std::move(texts);
  return history;
}

}  // namespace hilo::timeline
