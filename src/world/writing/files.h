// From blocks of persons to the files that silos deliver: rows by month and day, in each silo's encoding.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "world/silos/silo.h"

namespace hilo::world {

/// Says that a file or folder cannot be written, and why: an error number of the operating system.
[[nodiscard]] std::unexpected<Error> unwritable(const std::filesystem::path& path, int number);

/// Gathers the rows of blocks and makes the silos' files of them. Blocks hold persons, files are by day: what a block
/// wrote waits in a folder of its own until all blocks are there, and is then put in order month by month.
/// **Cost**: memory for a block and a day of one file; disk for the rows once, and one file's twice.
class DeliveryFiles {
 public:
  /// `waiting` is made, and removed with all that is in it by `finish` and by the destructor.
  DeliveryFiles(std::filesystem::path folder, std::filesystem::path waiting);
  DeliveryFiles(const DeliveryFiles&) = delete;
  DeliveryFiles& operator=(const DeliveryFiles&) = delete;
  DeliveryFiles(DeliveryFiles&&) = delete;
  DeliveryFiles& operator=(DeliveryFiles&&) = delete;
  ~DeliveryFiles();

  /// Puts a header in place of that of the silo's form, for columns that depend on the world. **Requires**: one line.
  void set_header(Silo silo, std::string header) { headers_[silo] = std::move(header); }

  /// Adds the rows of a block. **Requires**: blocks in their order. Days from `until` on are not written: those rows
  /// are still on their way when the world ends. **Errors**: kIo.
  Status add(const Rows& rows, Date until);
  /// Returns how many rows of a silo were added and are not on their way.
  [[nodiscard]] std::int64_t rows(Silo silo) const { return rows_.at(static_cast<std::size_t>(silo)); }

  /// Writes the files; a silo without rows has one with its header, where it has one. Some closed months arrive once
  /// more under another name, as deliveries do. Returns the bytes written. **Errors**: kIo.
  [[nodiscard]] Result<std::uint64_t> finish(std::uint64_t seed, Date opened_on, Date until);

 private:
  // A file to be: all days of a month; month 0 = all time.
  struct Key {
    Silo silo;
    Part part;
    int month;  // since the year 0
    auto operator<=>(const Key&) const = default;
  };
  [[nodiscard]] std::filesystem::path waiting_path(const Key& key) const;
  [[nodiscard]] std::filesystem::path final_path(const Key& key, bool again) const;
  Result<std::uint64_t> put_in_order(const Key& key);
  Result<std::uint64_t> deliver_again(const Key& key, std::uint64_t seed, Date until);
  static Key key_of(Silo silo, Part part, Date day);
  [[nodiscard]] std::string_view header_of(Silo silo) const;

  std::filesystem::path folder_;
  std::filesystem::path waiting_;
  std::map<Silo, std::string> headers_;      // where it is not the form's
  std::map<Key, std::uint64_t> chunks_;      // how many blocks wrote to a file
  std::array<std::int64_t, kSilos> rows_{};  // by silo
};

/// Returns UTF-8 text in a silo's encoding; what Latin-1 lacks becomes '?'. No mark at the beginning.
[[nodiscard]] std::string encoded(std::string_view utf8, Encoding encoding);

}  // namespace hilo::world
