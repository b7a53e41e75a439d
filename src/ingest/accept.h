// Acceptance: what a source's query made of a staged file becomes rows of the log, or rejects with their reasons.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "ingest/source_definition.h"
#include "ingest/staging.h"
#include "model/settings.h"
#include "store/database.h"

namespace hilo::ingest {

/// The first and the last instant that an event may bear; later than a day past its delivery is no event either.
inline constexpr std::string_view kEarliestEvent = "1900-01-01";

/// What acceptance needs to know of the delivery.
struct DeliveryFacts {
  std::int64_t number = 0;
  std::int64_t rows_before = 0;  ///< log rows before it: record r becomes row rows_before + r
  bool first = false;            ///< of the source's first run
  Instant delivered_at;
};

struct Accepted {
  std::int64_t rows = 0;
  std::int64_t rejects = 0;
  std::vector<store::Column> extras;  ///< columns beyond the canonical ones
  bool carries_events = false;
};

/// Returns the name of the scratch table that collects the accepted rows of a source over a run's deliveries.
[[nodiscard]] std::string accepted_table(const Source& source);
/// Makes the scratch macros and the table `rejected(source, delivery, record, line, column_name, value, sensitive,
/// reason)`.
[[nodiscard]] Status prepare_acceptance(store::Connection& scratch);

/// Runs the source's query on the table `typed`, converts its columns to the log's types, judges every row, and appends
/// the good ones to accepted_table(source), the others and the table `faults` to `rejected`.
/// **Errors**: kInvalidInput for a column of the query that the file does not have (with the nearest one), or of a type
/// that changed since an earlier delivery; kInvalidDefinition where the query itself cannot run.
[[nodiscard]] Result<Accepted> accept_rows(store::Connection& scratch, const SourceDefinition& definition,
                                           const StagedFile& staged, const SourceFile& file,
                                           const DeliveryFacts& delivery, const Settings& settings);

/// What the beginning of a file says of all of it.
struct Preview {
  std::vector<store::Column> extras;
  bool carries_events = false;
  std::int64_t rows = 0;     ///< that would be taken
  std::int64_t rejects = 0;  ///< faults found
  std::string first_fault;   ///< "time is not a time ..."; never a value
};

/// Judges the staged rows as accept_rows does and keeps none. **Errors**: as accept_rows.
[[nodiscard]] Result<Preview> preview_rows(store::Connection& scratch, const SourceDefinition& definition,
                                           const StagedFile& staged, const SourceFile& file, const Settings& settings);

}  // namespace hilo::ingest
