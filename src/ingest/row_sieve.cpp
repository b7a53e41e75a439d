#include "ingest/row_sieve.h"

#include <mutex>
#include <optional>

#include <fmt/format.h>

namespace hilo::ingest {
namespace {

// The condition's arguments, which are the table's columns too.
enum Argument : std::size_t { kDelivery, kRecord, kLine, kColumn, kValue, kSensitive, kReason };

Status write_fault(store::TableWriter& writer, const store::Chunk& rows, std::size_t row) {
  for (const std::size_t column : {kDelivery, kRecord, kLine}) writer.integer(column, rows.integer(column, row));
  for (const std::size_t column : {kColumn, kValue, kReason}) {
    rows.is_null(column, row) ? writer.null(column) : writer.text(column, rows.text(column, row));
  }
  rows.is_null(kSensitive, row) ? writer.null(kSensitive) : writer.boolean(kSensitive, rows.boolean(kSensitive, row));
  return writer.end_row();
}

}  // namespace

struct RowSieve::State {
  std::string name;
  store::Connection connection;  // its own: the query that asks has the other one
  std::mutex mutex;              // over what follows: every thread of the query comes here
  std::optional<store::TableWriter> faults;
  std::map<std::int64_t, std::int64_t> passed;

  [[nodiscard]] Status part(const store::Chunk& rows, store::Answers& holds) {
    const std::scoped_lock lock(mutex);
    std::int64_t delivery = 0;
    std::int64_t* count = nullptr;  // of that delivery: its rows come one after another, mostly
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const bool passes = rows.is_null(kReason, row);
      holds.boolean(row, passes);
      if (!passes) {
        HILO_TRY(write_fault(*faults, rows, row));
        continue;
      }
      if (const std::int64_t own = rows.integer(kDelivery, row); count == nullptr || own != delivery) {
        delivery = own;
        count = &passed[own];
      }
      ++*count;
    }
    return {};
  }
};

Result<RowSieve> RowSieve::open(store::Database& scratch, const std::string& name) {
  RowSieve sieve;
  sieve.state_ = std::make_shared<State>();
  sieve.state_->name = name;
  HILO_ASSIGN(sieve.state_->connection, scratch.connect());
  // The database owns the condition, and the state a connection to the database: the condition must not own the state.
  State* state = sieve.state_.get();
  HILO_TRY(scratch.add_condition(
      "row_passes" + name, {"BIGINT", "BIGINT", "BIGINT", "VARCHAR", "VARCHAR", "BOOLEAN", "VARCHAR"},
      [state](const store::Chunk& rows, store::Answers& holds) { return state->part(rows, holds); }));
  return sieve;
}

std::string RowSieve::condition() const {
  return fmt::format(
      "row_passes{}(delivery, record, line, fault.column_name, fault.value, fault.sensitive, fault.reason)",
      state_->name);
}

std::string RowSieve::table() const { return "sifted" + state_->name; }

Status RowSieve::start() {
  state_->faults.reset();
  state_->passed.clear();
  HILO_TRY(state_->connection.execute(
      fmt::format("create or replace table {}(delivery bigint, record bigint, line bigint, column_name varchar, "
                  "value varchar, sensitive boolean, reason varchar)",
                  table())));
  HILO_ASSIGN(state_->faults, store::TableWriter::open(state_->connection, "", table()));
  return {};
}

Result<std::map<std::int64_t, std::int64_t>> RowSieve::finish() {
  HILO_TRY(state_->faults->close());
  state_->faults.reset();
  return std::move(state_->passed);
}

}  // namespace hilo::ingest
