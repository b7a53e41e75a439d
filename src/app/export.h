// Tables, segments and hashed audiences as files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/output_file.h"
#include "app/segments.h"
#include "app/workspace.h"
#include "expr/definition.h"
#include "segment/ad_match.h"

namespace hilo::app {

struct ExportRequest {
  std::string what;           ///< a segment or a table of the store
  std::optional<Date> as_of;  ///< of a segment or `customers`; nothing = the default day
  FileFormat format = FileFormat::kCsv;
  std::filesystem::path file;
  bool reveal = false;  ///< contact data may be exported
  std::vector<segment::AdIdentifier> hash;
  segment::AdPlatform platform = segment::AdPlatform::kGoogle;
};

struct ExportReport {
  std::int64_t rows = 0;
  std::int64_t asked = 0;            ///< of a hashed export: customers of the segment or the table
  std::int64_t without_consent = 0;  ///< left out: reachable, but no identifier of theirs may go to a platform
  std::int64_t without_contact = 0;  ///< left out: none of the identifiers is known
};

/// Writes a file; complete under its name, or not at all.
/// - A segment: the flat table's rows of its members, as of the day, by id. A table: its rows.
/// - With `hash`: one row per member, in the order of the hashes, of SHA-256 values alone; who is a member is asked as
///   of the day, but contact data and consent are always those of the default day: a later "no" counts.
/// **Errors**: kNotFound with the nearest name; kUsage for contact data without `reveal`, for a day or hashes of a
/// table that has none; kInvalidInput where nothing is known of consent; kInvalidDefinition; kIo.
[[nodiscard]] expr::Checked<ExportReport> export_file(const Workspace& workspace, const ExportRequest& request);

}  // namespace hilo::app
