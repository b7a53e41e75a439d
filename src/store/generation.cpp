#include "store/generation.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace hilo::store {
namespace {

constexpr std::string_view kPrefix = "generation-";
constexpr std::string_view kSuffix = ".duckdb";

// Returns the number in `generation-000012.duckdb`, 0 for any other name.
int number_of(std::string_view name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return 0;
  const std::string_view digits = name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
  int number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return failure == std::errc{} && end == digits.data() + digits.size() ? number : 0;
}

std::unexpected<Error> nothing_published() {
  return fail(ErrorCode::kNotFound, "nothing has been published here yet",
              "Run `hilo run` first (or name the workspace with -C DIR).");
}

Status check_format(Database& database) {
  HILO_ASSIGN(Connection connection, database.connect());
  Result<std::int64_t> format = connection.query_integer("select store_format from meta");
  if (!format || *format == 0) {
    return fail(ErrorCode::kVersion, "the store is not one that this hilo can read",
                "Run `hilo rebuild`: it makes the store again from the log.");
  }
  if (*format > kStoreFormat) {
    return fail(ErrorCode::kVersion,
                fmt::format("the store was written by a newer hilo (store format {}, this program knows {})", *format,
                            kStoreFormat),
                "Install the newer hilo, or run `hilo rebuild` to make the store again from the log.");
  }
  if (*format < kStoreFormat) {
    return fail(ErrorCode::kVersion, fmt::format("the store has the older format {}", *format),
                "Run `hilo rebuild`: it makes the store again from the log.");
  }
  return {};
}

}  // namespace

fs::path GenerationStore::path_of(int number) const {
  return folder_ / fmt::format("{}{:06}{}", kPrefix, number, kSuffix);
}

Result<int> GenerationStore::newest() const {
  HILO_ASSIGN(const std::vector<fs::path> files, list_folder(folder_));
  int newest = 0;
  for (const fs::path& file : files) newest = std::max(newest, number_of(file.filename().string()));
  return newest;
}

Result<fs::path> GenerationStore::newest_file() const {
  HILO_ASSIGN(const int number, newest());
  if (number == 0) return nothing_published();
  return path_of(number);
}

Result<Database> GenerationStore::open_newest(DatabaseOptions options) const {
  options.read_only = true;
  // A run may publish and remove the generation between the listing and the opening: then there is a newer one.
  constexpr int kAttempts = 5;
  for (int attempt = 1;; ++attempt) {
    HILO_ASSIGN(const int number, newest());
    if (number == 0) return nothing_published();
    Result<Database> database = Database::open(path_of(number).string(), options);
    if (database) {
      HILO_TRY(check_format(*database));
      return database;
    }
    HILO_ASSIGN(const int newest_now, newest());
    if (attempt == kAttempts || newest_now == number) return database;
  }
}

Status GenerationStore::prepare() const {
  HILO_TRY(make_folder(folder_));
  // A run that died may have made the folder just before its name was safe.
  HILO_TRY(sync(folder_.parent_path()));
  abandon();
  return {};
}

Result<Database> GenerationStore::begin(DatabaseOptions options) const {
  HILO_TRY(prepare());
  options.temp_directory = spill_folder().string();
  return Database::open(building().string(), options);
}

Result<Database> GenerationStore::begin_from_newest(DatabaseOptions options) const {
  HILO_TRY(prepare());
  HILO_ASSIGN(const int number, newest());
  HILO_TRY(duplicate(path_of(number), building()));
  options.temp_directory = spill_folder().string();
  return Database::open(building().string(), options);
}

Status GenerationStore::publish() const {
  const Status named = [&]() -> Status {
    HILO_ASSIGN(const int last, newest());
    return publish_file(building(), path_of(last + 1));
  }();
  named ? tidy() : abandon();
  return named;
}

void GenerationStore::tidy() const {
  abandon();
  const int kept = newest().value_or(0);
  const std::vector<fs::path> files = list_folder(folder_).value_or(std::vector<fs::path>{});
  // What cannot be removed now is tried again by the next run; it harms nobody meanwhile.
  std::error_code ignored;
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    const int number = number_of(name);
    if (number > 0 && number < kept) fs::remove(file, ignored);
    if (name.starts_with(trial_folder().filename().string())) fs::remove_all(file, ignored);
    if (name == known_folder().filename().string()) fs::remove_all(file, ignored);
  }
}

void GenerationStore::abandon() const {
  // Removal that fails shows at the next opening, with its reason.
  std::error_code ignored;
  fs::remove(building(), ignored);
  fs::remove(building().string() + ".wal", ignored);
  fs::remove_all(spill_folder(), ignored);
}

}  // namespace hilo::store
