// Generations of the derived store: built aside, published by rename, read without a lock.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "store/database.h"
#include "store/durable.h"

namespace hilo::store {

/// The layout of tables that this program writes and reads. A store of an earlier one is built again from the log.
inline constexpr int kStoreFormat = 5;

/// The folder `store/` of a workspace.
class GenerationStore {
 public:
  explicit GenerationStore(fs::path folder) : folder_(std::move(folder)) {}

  /// Returns the number of the newest published generation, 0 when there is none. **Errors**: kIo.
  [[nodiscard]] Result<int> newest() const;
  /// Opens the newest generation read-only. **Errors**: kNotFound when nothing is published yet, kVersion when a newer
  /// program wrote it.
  [[nodiscard]] Result<Database> open_newest(DatabaseOptions options) const;
  /// Opens an empty file for the next generation, after removing what a run that died left behind.
  /// **Requires**: the caller holds the WriterLock.
  [[nodiscard]] Result<Database> begin(DatabaseOptions options) const;
  /// Does the same with a copy of the newest generation. **Requires**: there is one.
  [[nodiscard]] Result<Database> begin_from_newest(DatabaseOptions options) const;
  /// Publishes the file that `begin` opened and removes older ones; on an error drops it. **Requires**: its Database is
  /// closed.
  [[nodiscard]] Status publish() const;
  /// Removes what died left behind: older generations, a half-built one, spilled data, a second store; and the stores
  /// of what was known, which are made again when they are asked for.
  /// **Requires**: the caller holds the WriterLock.
  void tidy() const;
  /// Drops the file that `begin` opened.
  void abandon() const;
  /// Returns where larger-than-memory work may spill; made on demand by the engine.
  [[nodiscard]] fs::path spill_folder() const { return folder_ / ".spill"; }
  /// Returns the file of the newest published generation. **Errors**: kNotFound when nothing is published yet, kIo.
  [[nodiscard]] Result<fs::path> newest_file() const;
  /// Returns the file that `begin` opens.
  [[nodiscard]] fs::path building() const { return folder_ / ".building.duckdb"; }
  /// Returns the folder for a second store that is compared with this one and never published.
  [[nodiscard]] fs::path trial_folder() const { return folder_ / ".trial"; }
  /// Returns the folder for stores of what was known on a past day, a folder each.
  [[nodiscard]] fs::path known_folder() const { return folder_ / ".known"; }

 private:
  [[nodiscard]] Status prepare() const;
  [[nodiscard]] fs::path path_of(int number) const;
  fs::path folder_;
};

}  // namespace hilo::store
