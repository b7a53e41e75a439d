// Labels of customers at instants: a file of them, held in a database beside what is found for each.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/settings.h"
#include "store/database.h"
#include "store/log.h"

namespace hilo::app {

/// How cells of CSV come out.
enum class Cells : std::uint8_t { kAsTheyStand, kTyped };

/// The table `labels` of a database of its own: the file's columns, of CSV as text, and before them kRow, kUtc and
/// kRecord.
class Labels {
 public:
  static constexpr const char* kCustomer = "customer_id";
  static constexpr const char* kInstant = "instant";
  static constexpr const char* kRow = "_row";        ///< the row's number in the file, from 1
  static constexpr const char* kUtc = "_utc";        ///< its instant; TIMESTAMP
  static constexpr const char* kRecord = "_record";  ///< the record that it is about

  /// **Requires**: the settings outlive this; nothing stands at `database` yet.
  Labels(std::filesystem::path database, const Settings& settings) : path_(std::move(database)), settings_(settings) {}

  /// Reads a file: Parquet by its ending, else CSV. **Errors**: kInvalidInput for what cannot be read, lacks a column,
  /// or has a row without a customer's number or a moment, which is told by its number; kIo.
  [[nodiscard]] Status read(const std::filesystem::path& file);
  /// Replaces numbers of rows of the log by those of the records that these tell of, and makes two tables: `told`,
  /// these records (kRecord), and `candidates`, for each of them (kRecord) itself and the other records of today's
  /// customer (record_id; is_other). **Requires**: the labels are read; `published` is the store of that log.
  [[nodiscard]] Status find_records(const store::Log& log, const std::filesystem::path& published) const;

  /// Returns the different instants, in ascending order.
  [[nodiscard]] Result<std::vector<Instant>> instants() const;
  /// Returns the columns as a select list over `labels` under the name `l`. Typed, those whose cells are all numbers or
  /// truth values in plain form are such.
  [[nodiscard]] Result<std::string> select_list(store::Connection& connection, Cells cells) const;
  /// Returns the names of the file's columns.
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] Result<store::Database> open() const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  [[nodiscard]] store::DatabaseOptions engine_options() const;

  std::filesystem::path path_;
  const Settings& settings_;
  std::vector<std::string> columns_;
  bool is_text_ = false;  ///< whether all cells are
};

/// Returns an error about a file of labels. **Shape**: `what` follows the file's name.
[[nodiscard]] std::unexpected<Error> bad_labels(const std::filesystem::path& file, const std::string& what,
                                                std::string advice);

}  // namespace hilo::app
