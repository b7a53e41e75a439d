#include "app/world_parquet.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/source_query.h"
#include "expr/tokens.h"
#include "ingest/accept.h"
#include "ingest/file_set.h"
#include "ingest/staging.h"
#include "store/database.h"
#include "store/durable.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;
using ingest::SourceFile;
using store::quote_text;

constexpr const char* kSpillFolder = ".spill";
constexpr const char* kMemoryLimit = "400MB";

// One source whose files are turned.
struct Turned {
  expr::SourceQuery query;
  std::vector<SourceFile> files;
  std::string label;  // in the names of its files, where another source reads the same
};

// What was written with which types: a later file may show that they must be wider.
struct Written {
  const SourceFile* file;
  ingest::ColumnTypes types;
};

Result<expr::SourceQuery> query_of(const std::string& path, const std::string& text, store::Connection& scratch) {
  auto query = expr::parse_source_query({.path = path, .name = fs::path(path).stem().string(), .text = text}, scratch);
  if (!query) return std::unexpected(query.error().front());
  return std::move(*query);
}

// The types of those columns that a file has.
ingest::ColumnTypes types_of(const ingest::StagedFile& staged) {
  ingest::ColumnTypes types;
  for (const store::Column& column : staged.columns) types[column.name] = column.type;
  return types;
}

class Conversion {
 public:
  Conversion(const fs::path& root, store::Connection& scratch,
             const std::function<void(std::int64_t, std::int64_t)>& progress)
      : root_(root), scratch_(scratch), progress_(progress) {}

  Status convert_sources(DefinitionTexts& sources) {
    std::map<std::string, Turned> turned;
    std::map<fs::path, int> readers;
    for (const auto& [path, text] : sources) {
      HILO_ASSIGN(expr::SourceQuery query, query_of(path, text, scratch_));
      if (query.format == expr::SourceFormat::kParquet) continue;
      HILO_ASSIGN(std::vector<SourceFile> files, ingest::find_files(query, {root_}));
      for (const SourceFile& file : files) ++readers[file.path];
      turned.emplace(path, Turned{.query = std::move(query), .files = std::move(files), .label = {}});
    }
    HILO_TRY(count_files());
    for (auto& [path, source] : turned) {
      const bool shares = std::ranges::any_of(source.files, [&](const auto& file) { return readers[file.path] > 1; });
      if (shares) source.label = fs::path(path).stem().string();
      HILO_TRY(convert_files(source));
      sources[path] = reading_parquet(sources[path], source.query, source.label);
    }
    for (const auto& [path, source] : turned) {
      for (const SourceFile& file : source.files) HILO_TRY(store::remove_tree(file.path));
    }
    return {};
  }

  // What no source reads.
  Status convert_others() {
    std::vector<fs::path> others;
    for (const fs::path& path : files_below()) {
      if (path.extension() != ".parquet") others.push_back(path);
    }
    for (const fs::path& path : others) {
      const bool json = path.extension() == ".json" || path.extension() == ".jsonl" || path.extension() == ".ndjson";
      const std::string name = path.lexically_relative(root_).string();
      const std::string reader = json ? "read_json" : "read_csv";
      HILO_ASSIGN(expr::SourceQuery query,
                  query_of(name, fmt::format("select * from {}({})", reader, quote_text(name)), scratch_));
      HILO_TRY(convert_files({.query = std::move(query), .files = {{.name = name, .path = path}}, .label = {}}));
      HILO_TRY(store::remove_tree(path));
    }
    return {};
  }

  [[nodiscard]] const ParquetReport& report() const { return report_; }

 private:
  [[nodiscard]] std::vector<fs::path> files_below() const {
    std::vector<fs::path> files;
    std::error_code failure;
    for (const char* folder : {"data", "truth"}) {
      for (const auto& entry : fs::recursive_directory_iterator(root_ / folder, failure)) {
        if (entry.is_regular_file(failure)) files.push_back(entry.path());
      }
    }
    std::ranges::sort(files);
    return files;
  }

  Status count_files() {
    total_ = static_cast<std::int64_t>(files_below().size());
    return {};
  }

  // Types grow from file to file; files written before the last growth are written again.
  Status convert_files(const Turned& source) {
    ingest::ColumnTypes types;
    std::vector<Written> written;
    for (const SourceFile& file : source.files) {
      std::error_code failure;
      if (fs::file_size(file.path, failure) == 0) continue;  // it holds neither rows nor names of columns
      HILO_ASSIGN(const ingest::ColumnTypes its_types, write(source, file, types, report_.rows_left_out));
      written.push_back({.file = &file, .types = its_types});
      ++report_.files;
      progress_(report_.files, std::max(total_, report_.files));
    }
    for (const Written& each : written) {
      const bool same = std::ranges::all_of(each.types, [&](const auto& column) {
        const auto last = types.find(column.first);
        return last == types.end() || last->second == column.second;
      });
      std::int64_t counted_before = 0;
      if (!same) HILO_TRY(write(source, *each.file, types, counted_before));
    }
    return {};
  }

  // Returns the types that the file's columns have now; `types` learns what the file tells of them.
  Result<ingest::ColumnTypes> write(const Turned& source, const SourceFile& file, ingest::ColumnTypes& types,
                                    std::int64_t& rows_left_out) {
    HILO_ASSIGN(const ingest::ReadFile read, ingest::read_cells(scratch_, source.query, file, kTag, {}));
    HILO_ASSIGN(const ingest::StagedFile staged,
                ingest::type_cells(scratch_, source.query, read, types, ingest::TypePolicy::kSniff, {}));
    types = staged.types;
    const fs::path path = parquet_name(file.path.string(), source.label);
    const Status copied = scratch_.execute(
        fmt::format("copy (select * exclude (_file, _record, _line) from typed_file) to {} (format parquet, "
                    "compression zstd)",
                    quote_text(path.string())));
    if (!copied)
      return fail(ErrorCode::kIo, fmt::format("{} cannot be written: {}", path.string(), first_line(copied)));
    HILO_ASSIGN(const std::int64_t taken, scratch_.query_integer("select count(*) from typed_file"));
    rows_left_out += staged.records - taken;
    HILO_TRY(ingest::drop_staged(scratch_, kTag));
    return types_of(staged);
  }

  static std::string first_line(const Status& status) {
    const std::string& message = status.error().message;
    return message.substr(0, message.find('\n'));
  }

  static constexpr const char* kTag = "_file";  // one file at a time

  const fs::path& root_;
  store::Connection& scratch_;
  const std::function<void(std::int64_t, std::int64_t)>& progress_;
  std::int64_t total_ = 0;
  ParquetReport report_;
};

}  // namespace

std::string parquet_name(std::string_view name, std::string_view label) {
  static constexpr auto kPacked = std::to_array<std::string_view>({".gz", ".zst"});
  static constexpr auto kForms =
      std::to_array<std::string_view>({".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet"});
  const auto strip = [&](const auto& endings) {
    for (const std::string_view ending : endings) {
      if (!lower_ascii(name).ends_with(ending)) continue;
      name.remove_suffix(ending.size());
      return;
    }
  };
  strip(kPacked);
  strip(kForms);
  return label.empty() ? fmt::format("{}.parquet", name) : fmt::format("{}.{}.parquet", name, label);
}

std::string reading_parquet(std::string_view source, const expr::SourceQuery& query, std::string_view label) {
  static constexpr auto kReaders = std::to_array<std::string_view>(
      {"read_csv", "read_csv_auto", "read_json", "read_json_auto", "read_ndjson", "read_ndjson_auto"});
  std::vector<std::string> globs;
  for (const std::string& glob : query.globs) globs.push_back(parquet_name(glob, label));
  std::string call = globs.size() == 1 ? quote_text(globs.front()) : store::quote_list(globs);
  const bool names_files = std::ranges::any_of(query.options, [](const expr::ReadOption& option) {
    return option.name == "filename" && option.text != "false";
  });
  if (names_files) call += ", filename = true";
  const std::vector<expr::Token> tokens = expr::scan_tokens(source);
  for (auto name = tokens.begin(); name != tokens.end(); ++name) {
    const auto open = std::next(name);
    if (open == tokens.end()) break;
    const bool is_call = name->kind == expr::TokenKind::kWord && expr::token_text(source, *open) == "(" &&
                         std::ranges::count(kReaders, lower_ascii(expr::token_text(source, *name))) > 0;
    if (!is_call) continue;
    const auto close = std::find_if(std::next(open), tokens.end(), [&](const expr::Token& token) {
      return token.depth == open->depth && expr::token_text(source, token) == ")";
    });
    HILO_CHECK(close != tokens.end());
    return fmt::format("{}read_parquet({}){}", source.substr(0, name->offset), call, source.substr(close->offset + 1));
  }
  return std::string(source);
}

Result<ParquetReport> convert_to_parquet(const fs::path& root, DefinitionTexts& sources,
                                         const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const fs::path spill = root / kSpillFolder;
  HILO_TRY(store::make_folder(spill));
  ParquetReport report;
  {
    // One thread: how rows fall into row groups must not depend on the machine.
    HILO_ASSIGN(
        store::Database database,
        store::Database::open("", {.threads = 1, .memory_limit = kMemoryLimit, .temp_directory = spill.string()}));
    HILO_ASSIGN(store::Connection scratch, database.connect());
    HILO_TRY(ingest::make_macros(scratch));
    Conversion conversion(root, scratch, progress);
    HILO_TRY(conversion.convert_sources(sources));
    HILO_TRY(conversion.convert_others());
    report = conversion.report();
  }
  HILO_TRY(store::remove_tree(spill));
  return report;
}

}  // namespace hilo::app
