#include "app/check.h"

#include <set>

#include <fmt/format.h>

#include "app/tables.h"
#include "app/time_limit.h"
#include "base/text.h"
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

// Sources of the log that nothing describes any more: what they brought still counts, so that a source that only got
// another name counts twice.
std::vector<std::string> forgotten_sources(const store::Log& log, const Definitions& definitions) {
  std::set<std::string> names;
  for (const store::LogEntry& entry : log.entries()) {
    for (const store::SourceSegment& segment : entry.segments) names.insert(segment.source.name);
  }
  for (const ingest::SourceDefinition& source : definitions.sources) names.erase(source.source.name);
  std::vector<std::string> warnings;
  for (const std::string& name : names) {
    warnings.push_back(
        fmt::format("the source '{}' has no definition any more; what it brought still counts. If it was "
                    "renamed, its files count twice: give it its old name back",
                    name));
  }
  return warnings;
}

std::string warning_of(const ingest::SourceDefinition& source, const ingest::Preview& beginning) {
  const std::string taken =
      beginning.rows == 0 ? "none would be taken" : with_separators(beginning.rows) + " would be taken";
  return fmt::format("{}: of the records at the beginning {}, {} found; the first: {}", source.path, taken,
                     counted(beginning.rejects, "fault"), beginning.first_fault);
}

}  // namespace

expr::Checked<CheckedWorkspace> compile_definitions(Definitions definitions, const store::LogColumns& columns,
                                                    store::Connection& scratch) {
  CheckedWorkspace checked;
  checked.definitions = std::move(definitions);
  const std::vector<expr::TableSchema> schema = timeline::attribute_schema(columns);
  // The engine computes what is constant while it plans: that may not end.
  const TimeLimit limit(scratch, rule_limit(checked.definitions.settings, "the check of attributes and segments"));
  auto program = expr::compile_attributes(checked.definitions.attributes, schema, scratch);
  if (!program) return std::unexpected(program.error());
  checked.program = std::move(*program);
  checked.segments = expr::compile_segments(checked.definitions.segments, flat_schema(schema, checked.program),
                                            table_names(), scratch);
  if (!checked.segments.errors.empty()) return std::unexpected(std::move(checked.segments.errors));
  return checked;
}

expr::Checked<CheckedWorkspace> check_workspace(const Workspace& workspace, const DefinitionTexts& texts,
                                                const store::Log& log) {
  auto database = store::Database::open("");
  if (!database) return one_error(database.error());
  auto scratch = ingest::Scratch::open(*database);
  if (!scratch) return one_error(scratch.error());
  auto definitions = read_definitions(texts, scratch->connection);
  if (!definitions) return std::unexpected(definitions.error());
  store::LogEntry expected;
  std::vector<Error> errors;
  std::vector<std::string> doubtful;
  for (const ingest::SourceDefinition& source : definitions->sources) {
    const TimeLimit limit(scratch->connection, pass_limit(definitions->settings, "the check of " + source.path));
    auto preview = ingest::preview_source(source, log, definitions->settings, workspace.root(), *scratch);
    if (!preview) {
      errors.push_back(preview.error());
      continue;
    }
    if (preview->beginning.rejects > 0) doubtful.push_back(warning_of(source, preview->beginning));
    expected.segments.push_back(std::move(preview->segment));
  }
  std::vector<std::string> forgotten = forgotten_sources(log, *definitions);
  // Columns first: attributes cannot be judged by sources that cannot be read.
  if (!errors.empty()) return std::unexpected(std::move(errors));
  const store::LogColumns columns = store::log_columns(log, &expected);
  auto checked = compile_definitions(std::move(*definitions), columns, scratch->connection);
  if (checked) {
    checked->doubtful = std::move(doubtful);
    checked->forgotten = std::move(forgotten);
  }
  return checked;
}

expr::Checked<CheckedWorkspace> compile_log(const store::Log& log) {
  auto database = store::Database::open("");
  if (!database) return one_error(database.error());
  auto scratch = database->connect();
  if (!scratch) return one_error(scratch.error());
  auto definitions = read_definitions(log.definitions(), *scratch);
  if (!definitions) return std::unexpected(definitions.error());
  return compile_definitions(std::move(*definitions), store::log_columns(log), *scratch);
}

}  // namespace hilo::app
