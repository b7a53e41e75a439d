#include "app/generate.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "app/template_files.h"
#include "app/world_parquet.h"
#include "base/text.h"
#include "expr/source_query.h"
#include "ingest/file_set.h"
#include "store/database.h"
#include "store/durable.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

Status check_plan(const world::WorldPlan& plan) {
  const auto outside = [](std::string_view what, std::string_view range) {
    return fail(ErrorCode::kUsage, fmt::format("{} must be {}", what, range));
  };
  if (plan.customers == 0 || plan.customers > kWorldCustomersMax)
    return outside("the number of customers", fmt::format("from 1 to {}", kWorldCustomersMax));
  if (plan.days < 1 || plan.days > kWorldDaysMax)
    return outside("the number of days", fmt::format("from 1 to {}, which is 20 years", kWorldDaysMax));
  if (std::isnan(plan.noise) || plan.noise < 0 || plan.noise > kWorldNoiseMax)
    return outside("the noise", fmt::format("from 0 to {}", kWorldNoiseMax));
  if (std::isnan(plan.anonymous) || plan.anonymous < 0 || plan.anonymous > 1)
    return outside("the anonymous share", "from 0 to 1");
  if (plan.threads < 1 || plan.threads > kWorldThreadsMax)
    return outside("the number of threads", fmt::format("from 1 to {}", kWorldThreadsMax));
  return world::check_horizons(plan.expectations.horizons);
}

// The definitions of the workspace: the world's own, and from the ordinary template what is about any retailer.
DefinitionTexts workspace_texts() {
  DefinitionTexts texts;
  for (const TemplateFile& file : kWorldTemplateFiles) texts.emplace(file.path, file.text);
  for (const TemplateFile& file : kTemplateFiles) {
    if (file.path.starts_with("attributes/") || file.path.starts_with("segments/") || file.path == ".gitignore")
      texts.emplace(file.path, file.text);
  }
  return texts;
}

bool is_source(std::string_view path) { return path.starts_with("sources/") && path.ends_with(".sql"); }

// A run fails on a source without files: one whose silo wrote none, as in a world of three people, is kept as an
// example. Returns these sources.
Result<std::vector<std::string>> set_aside_sources_without_data(DefinitionTexts& texts, const fs::path& root) {
  HILO_ASSIGN(store::Database database, store::Database::open("", {.threads = 1}));
  HILO_ASSIGN(store::Connection scratch, database.connect());
  std::vector<std::string> names;
  for (const auto& [path, text] : DefinitionTexts(texts)) {
    if (!is_source(path)) continue;
    const auto query =
        expr::parse_source_query({.path = path, .name = fs::path(path).stem().string(), .text = text}, scratch);
    if (!query) return std::unexpected(query.error().front());
    const auto files = ingest::find_files(*query, {root});
    if (files) continue;
    if (files.error().code != ErrorCode::kNotFound) return std::unexpected(files.error());
    names.push_back(fs::path(path).stem().string());
    auto source = texts.extract(path);
    source.key() += ".example";
    texts.insert(std::move(source));
  }
  return names;
}

void count_files(const fs::path& root, GenerateReport& report) {
  std::error_code failure;
  for (const char* folder : {"data", "truth"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder, failure)) {
      if (!entry.is_regular_file(failure)) continue;
      ++report.files;
      report.bytes += entry.file_size(failure);
    }
  }
}

// What the operating system refused while files were written is almost always room.
Error with_advice(Error error) {
  if (error.code == ErrorCode::kIo && error.advice.empty())
    error.advice = "Is the disk full? Free some space or name a folder on another disk; nothing was kept.";
  return error;
}

}  // namespace

Result<WorldFormat> parse_world_format(const std::string& text) {
  if (text == "csv") return WorldFormat::kSilos;
  if (text == "parquet") return WorldFormat::kParquet;
  return fail(ErrorCode::kUsage, fmt::format("'{}' is not a format{}", text, did_you_mean(text, {"csv", "parquet"})),
              "A format is csv (every silo's own) or parquet.");
}

std::string_view world_format_name(WorldFormat format) {
  switch (format) {
    case WorldFormat::kSilos: return "csv";
    case WorldFormat::kParquet: return "parquet";
  }
  return "csv";
}

Status Generation::write_workspace(GenerateReport& report, PassRunner& passes) {
  const fs::path& root = folder_->path();
  DefinitionTexts texts = workspace_texts();
  HILO_ASSIGN(report.sources_without_data, set_aside_sources_without_data(texts, root));
  if (request_.format == WorldFormat::kParquet) {
    HILO_TRY(passes.run("parquet", "files", [&](PassContext& pass) -> Status {
      DefinitionTexts sources;
      for (const auto& [path, text] : texts) {
        if (is_source(path)) sources.emplace(path, text);
      }
      HILO_ASSIGN(
          const ParquetReport converted,
          convert_to_parquet(root, sources, [&](std::int64_t done, std::int64_t total) { pass.advance(done, total); }));
      for (const auto& [path, text] : sources) texts[path] = text;
      report.rows_left_out = converted.rows_left_out;
      pass.rows = converted.files;
      return {};
    }));
  }
  for (const auto& [path, text] : texts) {
    HILO_TRY(store::make_folder((root / path).parent_path()));
    HILO_TRY(store::write_file(root / path, text));
  }
  return {};
}

Result<GenerateReport> Generation::fill(ProgressListener& listener) {
  GenerateReport report;
  report.folder = request_.folder;
  PassRunner passes(listener);
  HILO_TRY(passes.run("generate", "customers", [&](PassContext& pass) -> Status {
    const auto total = static_cast<std::int64_t>(request_.plan.customers);
    pass.advance(0, total);
    HILO_ASSIGN(const world::WorldReport made, world::generate(request_.plan, folder_->path(), [&](std::uint64_t done) {
                  pass.advance(std::min(static_cast<std::int64_t>(done), total), total);
                }));
    report.rows = made.rows;
    report.purchases = made.purchases;
    pass.rows = total;
    return {};
  }));
  HILO_TRY(write_workspace(report, passes));
  count_files(folder_->path(), report);
  report.passes = passes.reports();
  return report;
}

Result<GenerateReport> Generation::make(ProgressListener& listener) {
  HILO_TRY(check_plan(request_.plan));
  const auto start = std::chrono::steady_clock::now();
  {
    const std::scoped_lock lock(ending_);
    HILO_ASSIGN(folder_, UnfinishedFolder::begin(request_.folder));
  }
  auto report = fill(listener);
  const std::scoped_lock lock(ending_);
  Status published = report ? folder_->publish() : Status(std::unexpected(report.error()));
  if (!published) {
    static_cast<void>(folder_->discard());  // begun above, so it is there
    return std::unexpected(with_advice(std::move(published).error()));
  }
  complete_ = true;
  report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

bool Generation::abandon() {
  ending_.lock();  // for good: from here on `make` decides nothing any more
  if (complete_) return false;
  if (folder_) static_cast<void>(folder_->discard());  // it may have ended by an error and be gone
  return true;
}

}  // namespace hilo::app
