// Source definitions: one that was accepted gives a query that runs guarded over any cells, one row for each staged
// row; each fault of one that was not has a place.
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "definition.h"
#include "ingest/accept.h"
#include "ingest/source_definition.h"

namespace hilo::fuzz {
namespace {

constexpr std::int64_t kRows = 4;

// A table of text with the columns that a query mentions, and cells of every kind.
std::vector<std::string> make_staged(Engine& engine, const expr::SourceQuery& query) {
  std::vector<std::string> names;
  std::set<std::string> known = {"_file", "_record", "_line"};
  for (const expr::ColumnUse& use : query.columns) {
    if (known.insert(lower_ascii(use.name)).second) names.push_back(use.name);
  }
  std::string columns;
  for (const std::string& name : names)
    columns += fmt::format("[NULL, 'x', '-1.5', '2024-02-30 25:00'][1 + (i + {}) % 4] AS {}, ", columns.size() % 4,
                           store::quote_name(name));
  engine.run(
      fmt::format("CREATE OR REPLACE TABLE staged AS SELECT {} 'f.csv' AS _file, i + 1 AS _record, i + 2 AS "
                  "_line FROM range({}) t(i)",
                  columns, kRows));
  return names;
}

void judge_query(Engine& engine, const expr::SourceQuery& query) {
  const std::vector<std::string> columns = make_staged(engine, query);
  const auto plain = expr::staged_sql(query, "staged", engine.connection());
  expect(plain.has_value(), plain ? "" : plain.error().message, query.statement.file().text);
  if (!engine.connection().describe(*plain)) return;  // of types that do not fit; told once a file is there
  const auto guarded = expr::guarded_staged_sql(query, "staged", columns, engine.connection());
  expect(guarded.has_value(), guarded ? "" : guarded.error().message, *plain);
  const auto rows = engine.connection().query_integer(fmt::format("SELECT count(*) FROM ({})", *guarded));
  const auto cells = engine.connection().execute(fmt::format("CREATE OR REPLACE TEMP TABLE guarded AS {}", *guarded));
  expect(cells.has_value(), cells ? "" : cells.error().message, *guarded);
  expect(rows.has_value() && *rows <= kRows, "one row at most for each staged one", *guarded);
}

}  // namespace

void judge(std::string_view input) {
  static Engine& engine = *new Engine;
  static const bool kHasMacros = ingest::make_macros(engine.connection()).has_value();
  HILO_CHECK(kHasMacros);
  if (is_costly(input)) return;
  const expr::DefinitionFile file{"sources/shop.sql", "shop", std::string(input)};
  const auto definition = ingest::read_source(file, engine.connection());
  if (!definition) return expect_placed(definition.error(), file);
  expect(definition->digest.size() == 16, "a digest", definition->digest);
  expect_same("a digest", definition->digest, ingest::read_source(file, engine.connection())->digest);
  judge_query(engine, definition->query);
}

}  // namespace hilo::fuzz
