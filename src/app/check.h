// The check of a whole workspace: every definition read, typed against the data's columns; nothing touched.
#pragma once

#include <string>
#include <vector>

#include "app/workspace.h"
#include "expr/attributes.h"
#include "expr/segment.h"
#include "store/log.h"
#include "store/log_view.h"

namespace hilo::app {

struct CheckedWorkspace {
  Definitions definitions;
  expr::AttributeProgram program;
  expr::SegmentProgram segments;       ///< without faults
  std::vector<std::string> doubtful;   ///< sources whose beginning has records that a run would reject, told as text
  std::vector<std::string> forgotten;  ///< sources of the log that no definition describes, told as text
};

/// Checks all definitions of a workspace against the log and the beginning of each source's newest file.
/// **Errors**: every fault found, with its place.
[[nodiscard]] expr::Checked<CheckedWorkspace> check_workspace(const Workspace& workspace, const DefinitionTexts& texts,
                                                              const store::Log& log);

/// Compiles attributes and segments for a log of these columns. **Errors**: as check_workspace.
[[nodiscard]] expr::Checked<CheckedWorkspace> compile_definitions(Definitions definitions,
                                                                  const store::LogColumns& columns,
                                                                  store::Connection& scratch);

/// Compiles the definitions that a log holds, for that log. **Errors**: as check_workspace.
[[nodiscard]] expr::Checked<CheckedWorkspace> compile_log(const store::Log& log);

}  // namespace hilo::app
