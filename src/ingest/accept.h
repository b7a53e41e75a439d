// Acceptance: what a source's query made of a staged file becomes rows of the log, or rejects with their reasons.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "ingest/row_sieve.h"
#include "ingest/source_definition.h"
#include "ingest/staging.h"
#include "ingest/zone_changes.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log_entry.h"

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
  std::vector<store::Column> log_columns;  ///< of the rows as the log takes them: those that the query can fill
  std::vector<std::string> columns;        ///< the canonical ones of them
  std::vector<store::Column> extras;       ///< those beyond
  bool carries_events = false;
};

/// Where rows are judged: a session with the scratch macros and the table `rejected(source, delivery, record, line,
/// column_name, value, sensitive, reason)`. One per database, and others beside it.
struct Scratch {
  store::Connection connection;
  RowSieve sieve;
  std::shared_ptr<KnownZones> zones;
  store::Erasure erased;  ///< whose rows are not taken: nobody's, unless told so

  [[nodiscard]] static Result<Scratch> open(store::Database& database);
  /// Rows of those who were erased are rejected from now on.
  [[nodiscard]] Status keep_out(store::Erasure people);
  /// Returns another session of the same database, to judge rows beside this one. `name` is a word of its own.
  [[nodiscard]] Result<Scratch> beside(store::Database& database, const std::string& name) const;
};

/// Makes the scratch macros alone, for who runs the queries of sources and judges nothing.
[[nodiscard]] Status make_macros(store::Connection& connection);

/// Runs the source's query on some files, converts its columns to the log's types, judges every row, writes the good
/// ones to `rows`, a Parquet file, and appends the bad ones and the files' faults to `rejected`. Planning costs more
/// than judging a small file, so those of one layout are judged together.
/// **Requires**: the files have the same columns and types; `first` and `delivered_at` are the same for all.
/// **Errors**: kInvalidInput for a column of the query that the file does not have (with the nearest one);
/// kInvalidDefinition where the query itself cannot run; with several files also what only one of them is at fault for:
/// then they are to be accepted one by one.
[[nodiscard]] Result<Accepted> accept_rows(Scratch& scratch, const SourceDefinition& definition,
                                           const std::vector<StagedDelivery>& batch, const Settings& settings,
                                           const std::filesystem::path& rows);

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
[[nodiscard]] Result<Preview> preview_rows(Scratch& scratch, const SourceDefinition& definition,
                                           const StagedFile& staged, const Settings& settings);

}  // namespace hilo::ingest
