#include "expr/attributes_text.h"

#include <nlohmann/json.hpp>

namespace hilo::store {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Column, name, type)

}  // namespace hilo::store

namespace hilo::expr {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FoldStep, op, type, inputs, number, texts)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FoldShare, parts, of)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FoldAggregate, kind, value, rows, type, number, key, descending, share)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FoldColumn, sql, type, by_day)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FoldScan, name, table, order, columns, constants_sql, steps, aggregates, results)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FoldedSet::Item, sql, uses)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FoldedSet::Source, name, sql, fold)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FoldedSet, items, sources)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PastTable, day, columns, source)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AttributeSet, name, path, from, columns, sql, folds, folded, depends_on, past, now,
                                   sql_now)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AttributeProgram, sets)

std::string to_text(const AttributeProgram& program) { return nlohmann::json(program).dump(); }

Result<AttributeProgram> parse_attributes(std::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  try {
    return json.get<AttributeProgram>();
  } catch (const nlohmann::json::exception&) {
    return fail(ErrorCode::kInternal, "the store's attributes cannot be read", "Run `hilo rebuild`.");
  }
}

}  // namespace hilo::expr
