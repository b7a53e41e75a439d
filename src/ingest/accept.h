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

/// A file that is typed, and its delivery.
struct StagedDelivery {
  StagedFile staged;
  DeliveryFacts delivery;
};

struct Accepted {
  struct Count {
    std::int64_t rows = 0;
    std::int64_t rejects = 0;
  };
  std::vector<Count> counts;               ///< one per delivery
  std::vector<store::Column> log_columns;  ///< of the rows as the log takes them
  std::vector<store::Column> extras;       ///< columns beyond the canonical ones
  std::string rows_sql;                    ///< gives the accepted rows, in the order of the files
  bool carries_events = false;
};

/// Makes the scratch macros and the table `rejected(source, delivery, record, line, column_name, value, sensitive,
/// reason)`.
[[nodiscard]] Status prepare_acceptance(store::Connection& scratch);

/// Runs the source's query on some files, converts its columns to the log's types, judges every row into the table
/// `judged`, and appends the bad ones and the files' faults to `rejected`. Planning costs more than judging a small
/// file, so those of one layout are judged together.
/// **Requires**: the files have the same columns and types; `first` and `delivered_at` are the same for all.
/// **Errors**: kInvalidInput for a column of the query that the file does not have (with the nearest one);
/// kInvalidDefinition where the query itself cannot run; with several files also what only one of them is at fault for:
/// then they are to be accepted one by one.
[[nodiscard]] Result<Accepted> accept_rows(store::Connection& scratch, const SourceDefinition& definition,
                                           const std::vector<StagedDelivery>& batch, const Settings& settings,
                                           const std::string& judged);

/// Returns an error where a file's rows have not the columns of the source's earlier ones.
[[nodiscard]] Status check_layout(const SourceDefinition& definition, const SourceFile& file,
                                  const std::vector<store::Column>& before, const std::vector<store::Column>& now);

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
                                           const StagedFile& staged, const Settings& settings);

}  // namespace hilo::ingest
