#include "timeline/fold/scan_input.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "timeline/flat_table.h"

namespace hilo::timeline {

Result<Constants> constants_of(store::Connection& connection, const expr::FoldScan& scan, Date day) {
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

void add_columns(HistoryPlan& plan, const expr::FoldScan& scan) {
  if (plan.columns.empty()) plan = {scan.table, scan.order, {{.sql = store::quote_name("time"), .type = "TIMESTAMP"}}};
  for (const expr::FoldColumn& column : scan.columns) {
    if (std::ranges::find(plan.columns, column) == plan.columns.end()) plan.columns.push_back(column);
  }
}

std::vector<std::size_t> columns_in(const HistoryPlan& plan, const expr::FoldScan& scan) {
  std::vector<std::size_t> columns;
  for (const expr::FoldColumn& column : scan.columns) {
    const auto known = std::ranges::find(plan.columns, column);
    HILO_CHECK(known != plan.columns.end());
    columns.push_back(static_cast<std::size_t>(known - plan.columns.begin()));
  }
  return columns;
}

std::vector<const Values*> columns_of(const History& history, const std::vector<std::size_t>& columns) {
  std::vector<const Values*> some;
  for (const std::size_t column : columns) some.push_back(&history.columns[column]);
  return some;
}

}  // namespace hilo::timeline
