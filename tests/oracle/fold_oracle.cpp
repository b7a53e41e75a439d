#include "oracle/fold_oracle.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/attributes_text.h"
#include "oracle/dice.h"
#include "oracle/grammar.h"
#include "oracle/history.h"
#include "timeline/flat_table.h"
#include "timeline/fold/fold_job.h"

namespace hilo::oracle {
namespace {

Result<std::vector<std::string>> rows_of(store::Connection& connection, const std::string& set_sql,
                                         const expr::AttributeSet& set, Date day) {
  std::vector<std::string> texts = {"customer_id::varchar"};
  for (const store::Column& column : set.columns)
    texts.push_back(fmt::format("coalesce({}::varchar, 'NULL')", store::quote_name(column.name)));
  std::string frame = "with existing as (select customer_id from main.customer_spans where $day::date is not null)";
  for (const char* table : {"events", "items", "versions"}) {
    frame += fmt::format(", {0} as (select * from main.{0} where customer_id is not null and time < $as_of::timestamp)",
                         table);
  }
  HILO_ASSIGN(store::Rows rows, connection.query(fmt::format("{} select concat_ws('|', {}) from ({}) order by "
                                                             "customer_id",
                                                             frame, join(texts, ", "), set_sql),
                                                 timeline::day_parameters(day)));
  std::vector<std::string> out;
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) { out.emplace_back(chunk.text(0, row)); }));
  return out;
}

Error differs(std::uint64_t seed, const std::string& definition, const std::string& how) {
  return {ErrorCode::kInternal, fmt::format("seed {}: {}\n  of: {}", seed, how, definition)};
}

}  // namespace

Result<expr::AttributeProgram> compile(const std::vector<std::string>& definitions, store::Connection& scratch) {
  std::vector<expr::DefinitionFile> files;
  for (std::size_t at = 0; at < definitions.size(); ++at) {
    const std::string name = fmt::format("set_{}", at);
    files.push_back({fmt::format("attributes/{}.sql", name), name, definitions[at]});
  }
  const auto program = expr::compile_attributes(files, schema(), scratch);
  if (!program) return std::unexpected(program.error().front());
  return expr::parse_attributes(expr::to_text(*program));
}

bool is_folded(const expr::AttributeSet& set) {
  return std::ranges::none_of(set.folded.sources, [](const auto& source) { return source.fold.empty(); }) &&
         !set.folds.empty();
}

Result<std::vector<std::string>> rows_by_engine(store::Connection& connection, const expr::AttributeSet& set,
                                                Date day) {
  return rows_of(connection, set.sql, set, day);
}

Result<std::vector<std::string>> rows_by_fold(store::Connection& connection, const expr::AttributeSet& set, Date day) {
  return rows_of(connection, set.folds.empty() ? set.sql : expr::folded_sql(set), set, day);
}

Result<std::vector<std::int64_t>> everybody(store::Connection& connection) {
  HILO_ASSIGN(store::Rows rows,
              connection.query("select customer_id::bigint from customer_spans order by customer_id"));
  std::vector<std::int64_t> all;
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) { all.push_back(chunk.integer(0, row)); }));
  return all;
}

Status fold(store::Connection& connection, const expr::AttributeProgram& program, std::int64_t rows_per_range) {
  HILO_ASSIGN(const std::vector<std::int64_t> all, everybody(connection));
  HILO_ASSIGN(const auto histories, timeline::Histories::beside(connection));
  return timeline::write_folds(connection, program, {.day = kDay, .customers = all}, *histories, rows_per_range);
}

Result<std::unique_ptr<FoldOracle>> FoldOracle::open(int threads) {
  HILO_ASSIGN(store::Database database, store::Database::open("", {.threads = threads, .memory_limit = "1GB"}));
  HILO_ASSIGN(store::Connection connection, database.connect());
  HILO_ASSIGN(store::Database scratch_database, store::Database::open("", {.threads = 1, .memory_limit = "1GB"}));
  HILO_ASSIGN(store::Connection scratch, scratch_database.connect());
  return std::unique_ptr<FoldOracle>(
      new FoldOracle(std::move(database), std::move(connection), std::move(scratch_database), std::move(scratch)));
}

Status FoldOracle::judge(std::uint64_t seed) {
  constexpr int kDefinitions = 4;
  Dice dice(seed);
  const Values values = dice.one_in(3) ? Values::kExtreme : Values::kUsual;
  HILO_TRY(make_tables(connection_, dice, values));
  std::vector<std::string> definitions;
  for (int number = 0; number < kDefinitions; ++number)
    definitions.push_back(Grammar(dice, values).definition(fmt::format("set_{}", number)));
  const auto program = compile(definitions, scratch_);
  if (!program) return std::unexpected(differs(seed, join(definitions, "\n"), program.error().text()));
  const Status folded = fold(connection_, *program, 20 + dice.below(400));
  if (!folded) return std::unexpected(differs(seed, join(definitions, "\n"), folded.error().text()));
  for (std::size_t number = 0; number < program->sets.size(); ++number) {
    const expr::AttributeSet& set = program->sets[number];
    if (!is_folded(set)) return std::unexpected(differs(seed, definitions[number], "a fold does not do all of this"));
    const auto engine = rows_by_engine(connection_, set);
    if (!engine) return std::unexpected(differs(seed, definitions[number], engine.error().text()));
    const auto fold = rows_by_fold(connection_, set);
    if (!fold) return std::unexpected(differs(seed, definitions[number], fold.error().text()));
    if (*engine == *fold) continue;
    const auto [left, right] = std::ranges::mismatch(*engine, *fold);
    return std::unexpected(
        differs(seed, definitions[number],
                fmt::format("the engine's row, and the fold's\n  \"{}\"\n  \"{}\"",
                            left == engine->end() ? "no row" : *left, right == fold->end() ? "no row" : *right)));
  }
  return timeline::drop_folds(connection_, *program);
}

}  // namespace hilo::oracle
