// A source as its file defines it: the header's keys and the query.
#pragma once

#include <string>
#include <vector>

#include "expr/definition.h"
#include "expr/source_query.h"
#include "model/settings.h"
#include "model/source.h"
#include "store/database.h"

namespace hilo::ingest {

/// One file of `sources/`, read and checked as far as that goes without opening its data.
struct SourceDefinition {
  Source source;
  expr::SourceQuery query;
  std::string path;
  std::string digest;  ///< of what rows depend on: query, kind, delivery, time zone; not of comments, rank, region ...
};

/// Reads a source file. Header keys: source, kind, order_space, delivery, rank, region, time_zone.
/// **Errors**: kInvalidDefinition with file, line and column: an unknown key or kind, a bad rank, region or time zone,
/// a query that does not map rows one to one, no column that says anything of a person or an event.
[[nodiscard]] expr::Checked<SourceDefinition> read_source(const expr::DefinitionFile& file,
                                                          store::Connection& connection);

/// Makes the digest depend on the setting that logged rows depend on, the workspace's time zone: a file read in
/// another zone is read again.
void bind_settings(SourceDefinition& definition, const Settings& settings);

/// Checks that columns of these names together say who or what happened. read_source does it where the query names all
/// its columns; what a star stands for is known once a file was read.
/// **Errors**: kInvalidDefinition, as read_source.
[[nodiscard]] Status check_outputs(const SourceDefinition& definition, const std::vector<std::string>& outputs);

/// Returns whether rows of these columns tell of events (a type is among them), or of persons alone.
[[nodiscard]] bool carries_events(const SourceDefinition& definition, const std::vector<std::string>& outputs);

/// Returns one error for every two definitions of one source name.
[[nodiscard]] std::vector<Error> check_unique_names(const std::vector<SourceDefinition>& sources);

}  // namespace hilo::ingest
