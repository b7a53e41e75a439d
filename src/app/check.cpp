#include "app/check.h"

#include "ingest/accept.h"
#include "ingest/preview.h"
#include "timeline/schema.h"

namespace hilo::app {
namespace {

expr::TableSchema flat_schema(const std::vector<expr::TableSchema>& schema, const expr::AttributeProgram& program) {
  expr::TableSchema flat = schema.back();
  for (const expr::AttributeSet& set : program.sets)
    flat.columns.insert(flat.columns.end(), set.columns.begin(), set.columns.end());
  return flat;
}

}  // namespace

expr::Checked<CheckedWorkspace> compile_definitions(Definitions definitions, const store::LogColumns& columns,
                                                    store::Connection& scratch) {
  CheckedWorkspace checked;
  checked.definitions = std::move(definitions);
  const std::vector<expr::TableSchema> schema = timeline::attribute_schema(columns);
  auto program = expr::compile_attributes(checked.definitions.attributes, schema, scratch);
  if (!program) return std::unexpected(program.error());
  checked.program = std::move(*program);
  std::vector<Error> errors;
  const expr::TableSchema flat = flat_schema(schema, checked.program);
  for (const expr::DefinitionFile& file : checked.definitions.segments) {
    auto rule = expr::check_segment(file, flat, scratch);
    if (rule) {
      checked.segments.push_back(std::move(*rule));
    } else {
      errors.insert(errors.end(), rule.error().begin(), rule.error().end());
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return checked;
}

expr::Checked<CheckedWorkspace> check_workspace(const Workspace& workspace, const DefinitionTexts& texts,
                                                const store::Log& log) {
  const auto one = [](Error error) { return std::unexpected(std::vector{std::move(error)}); };
  auto database = store::Database::open("");
  if (!database) return one(database.error());
  auto scratch = database->connect();
  if (!scratch) return one(scratch.error());
  auto definitions = read_definitions(texts, *scratch);
  if (!definitions) return std::unexpected(definitions.error());
  if (const Status prepared = ingest::prepare_acceptance(*scratch); !prepared) return one(prepared.error());
  store::LogEntry expected;
  std::vector<Error> errors;
  for (const ingest::SourceDefinition& source : definitions->sources) {
    auto segment = ingest::preview_source(source, log, definitions->settings, workspace.root(), *scratch);
    segment ? expected.segments.push_back(std::move(*segment)) : errors.push_back(segment.error());
  }
  // Columns first: attributes cannot be judged by sources that cannot be read.
  if (!errors.empty()) return std::unexpected(std::move(errors));
  const store::LogColumns columns = store::log_columns(log, &expected);
  return compile_definitions(std::move(*definitions), columns, *scratch);
}

}  // namespace hilo::app
