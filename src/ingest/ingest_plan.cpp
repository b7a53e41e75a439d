// Which files a run has to read.
#include <algorithm>
#include <map>
#include <set>

#include "ingest/ingest_job.h"
#include "ingest/read/file_facts.h"

namespace hilo::ingest {
namespace {

using store::Delivery;

// The content hashes that stand as the latest of their own file: a second file with one of them says nothing new.
std::set<std::string> standing_contents(const store::Log& log, const SourceDefinition& definition) {
  std::set<std::string> contents;
  for (const store::LogEntry& entry : log.entries()) {
    for (const Delivery& delivery : entry.deliveries) {
      if (delivery.source != definition.source.name || delivery.definition != definition.digest) continue;
      if (log.latest(delivery.source, delivery.file)->number == delivery.number) contents.insert(delivery.sha256);
    }
  }
  return contents;
}

// The deliveries of a file that a new reading of it makes void: those that another version of the query read.
std::vector<std::int64_t> outdated(const store::Log& log, const SourceDefinition& definition, const std::string& file) {
  std::vector<std::int64_t> numbers;
  for (const store::LogEntry& entry : log.entries()) {
    for (const Delivery& delivery : entry.deliveries) {
      if (delivery.source == definition.source.name && delivery.file == file &&
          delivery.definition != definition.digest) {
        numbers.push_back(delivery.number);
      }
    }
  }
  return numbers;
}

bool is_as_delivered(const Delivery* before, const SourceDefinition& definition, const FileFacts& facts) {
  return before != nullptr && before->definition == definition.digest && before->bytes == facts.bytes &&
         before->modified_at == facts.modified_at;
}

// A new reading of what was delivered before is no new delivery: its rows stay known since then.
void note_first_coming(const store::Log& log, PlannedFile& planned) {
  for (const store::LogEntry& entry : log.entries()) {
    for (const Delivery& delivery : entry.deliveries) {
      if (delivery.sha256 != planned.sha256 || std::ranges::count(planned.replaces, delivery.number) == 0) continue;
      planned.came_at = delivery.delivered_at;
      planned.came_first = delivery.first;
      return;
    }
  }
}

// A file that is not as it was delivered, as far as its size and time tell.
struct ChangedFile {
  SourceFile file;
  FileFacts facts;
};

Result<PlannedSource> plan_source(const store::Log& log, const SourceDefinition& definition, const SourceRoots& roots) {
  PlannedSource plan;
  plan.definition = &definition;
  plan.first_run = log.latest_segment(definition.source.name) == nullptr;
  HILO_ASSIGN(const std::vector<SourceFile> files, find_files(definition.query, roots));
  std::vector<ChangedFile> changed;
  std::vector<std::filesystem::path> paths;
  for (const SourceFile& file : files) {
    HILO_ASSIGN(FileFacts facts, stat_facts(file.path));
    if (is_as_delivered(log.latest(definition.source.name, file.name), definition, facts)) {
      ++plan.unchanged;
      continue;
    }
    paths.push_back(file.path);
    changed.push_back({.file = file, .facts = std::move(facts)});
  }
  HILO_ASSIGN(std::vector<std::string> hashes, hash_files(paths));
  std::set<std::string> contents = standing_contents(log, definition);
  for (std::size_t at = 0; at < changed.size(); ++at) {
    auto& [file, facts] = changed[at];
    std::string& sha256 = hashes[at];
    const Delivery* before = log.latest(definition.source.name, file.name);
    const bool same_query = before != nullptr && before->definition == definition.digest;
    if (same_query && before->sha256 == sha256) {
      ++plan.unchanged;
      continue;
    }
    if (!contents.insert(sha256).second) {
      plan.repeated.push_back(file.name);
      continue;
    }
    PlannedFile planned{.file = std::move(file),
                        .bytes = facts.bytes,
                        .modified_at = facts.modified_at,
                        .sha256 = std::move(sha256),
                        .replaces = {},
                        .came_at = {},
                        .came_first = plan.first_run};
    planned.replaces = outdated(log, definition, planned.file.name);
    note_first_coming(log, planned);
    plan.files.push_back(std::move(planned));
  }
  return plan;
}

}  // namespace

bool IngestPlan::empty() const {
  return std::ranges::all_of(sources, [](const PlannedSource& source) { return source.files.empty(); });
}

Result<IngestPlan> plan_ingest(const store::Log& log, const std::vector<SourceDefinition>& sources,
                               const SourceRoots& roots) {
  IngestPlan plan;
  for (const SourceDefinition& definition : sources) {
    HILO_ASSIGN(PlannedSource source, plan_source(log, definition, roots));
    plan.sources.push_back(std::move(source));
  }
  return plan;
}

// As plan_source, but no content is read that cannot be a known one by its size.
Result<std::int64_t> count_waiting(const store::Log& log, const SourceDefinition& source, const SourceRoots& roots) {
  std::set<std::string> contents = standing_contents(log, source);
  std::map<std::int64_t, int> files_of_size;
  for (const store::LogEntry& entry : log.entries()) {
    for (const Delivery& delivery : entry.deliveries) {
      if (contents.contains(delivery.sha256)) ++files_of_size[delivery.bytes];
    }
  }
  HILO_ASSIGN(const std::vector<SourceFile> files, find_files(source.query, roots));
  std::vector<FileFacts> changed;
  for (const SourceFile& file : files) {
    HILO_ASSIGN(FileFacts facts, stat_facts(file.path));
    if (is_as_delivered(log.latest(source.source.name, file.name), source, facts)) continue;
    ++files_of_size[facts.bytes];
    changed.push_back(std::move(facts));
  }
  std::int64_t waiting = 0;
  for (const FileFacts& facts : changed) {
    if (files_of_size[facts.bytes] == 1) {
      ++waiting;
      continue;
    }
    HILO_ASSIGN(std::string sha256, hash_file(facts.path));
    if (contents.insert(std::move(sha256)).second) ++waiting;
  }
  return waiting;
}

}  // namespace hilo::ingest
