// The file reader of a source: its files and its options.
#pragma once

#include "expr/findings.h"
#include "expr/source_query.h"

namespace hilo::expr {

/// Reads the table function of a source's FROM into `query`: format, globs and options. Records every fault.
void read_file_reader(const Json& from, SourceQuery& query, Findings& findings);

}  // namespace hilo::expr
