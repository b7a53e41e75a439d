#include "segment/record_job.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "segment/membership.h"
#include "segment/sql/statements.h"
#include "store/log_view.h"

namespace hilo::segment {
namespace {

constexpr const char* kMembersFormat = "format parquet, compression zstd, parquet_version v2";

Status write_definitions(store::Connection& connection, const expr::SegmentProgram& program) {
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "main", "segments"));
  for (const std::string& name : names_of(program)) {
    const expr::SegmentRule& rule = *program.find(name);
    writer.text(0, rule.name);
    writer.text(1, rule.title);
    writer.text(2, rule.description);
    writer.text(3, rule.version);
    writer.text(4, rule.sql);
    HILO_TRY(writer.end_row());
  }
  return writer.close();
}

Status write_records(store::Connection& connection, int run, Instant at,
                     const std::vector<store::MembershipRecord>& records) {
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "main", "segment_records"));
  for (const store::MembershipRecord& record : records) {
    writer.integer(0, run);
    writer.integer(1, at.micros);
    writer.text(2, record.segment);
    writer.text(3, record.version);
    writer.integer(4, record.day.days);
    writer.integer(5, record.members);
    writer.integer(6, record.entered);
    writer.integer(7, record.left);
    HILO_TRY(writer.end_row());
  }
  return writer.close();
}

Error damaged(const std::string& what) {
  return Error{
      .code = ErrorCode::kInvalidInput,
      .message = "the log's record of segments " + what,
      .advice = "Restore the log/ folder from a backup: it is the truth that everything else is computed from."};
}

// What the entries say of sizes must follow from the changes: a members file that was lost or cut would shift every
// later record in silence.
Status check_sums(store::Connection& connection) {
  HILO_ASSIGN(
      const std::optional<std::string> breach,
      connection.query_text("select 'of run ' || r.run || ' does not add up for ' || r.segment from segment_records r "
                            "left join segment_changes c on c.segment = r.segment and c.run <= r.run "
                            "group by r.run, r.segment, r.members having coalesce(sum(c.change), 0) <> r.members "
                            "order by r.run, r.segment limit 1"));
  if (breach) return std::unexpected(damaged(*breach));
  return {};
}

Result<store::MembershipRecord> summary_of(store::Connection& connection, const expr::SegmentRule& rule,
                                           const Recording& recording) {
  store::MembershipRecord record{
      .segment = rule.name, .version = rule.version, .day = recording.day, .members = 0, .entered = 0, .left = 0};
  const store::Parameters bound = {{"segment", rule.name}, {"run", std::int64_t{recording.run}}};
  HILO_ASSIGN(record.members,
              connection.query_integer("select count(*) from members_now where segment = $segment", bound));
  constexpr std::string_view kChanged =
      "select count(*) from segment_changes where segment = $segment and run = $run and change = {}";
  HILO_ASSIGN(record.entered, connection.query_integer(fmt::format(kChanged, 1), bound));
  HILO_ASSIGN(record.left, connection.query_integer(fmt::format(kChanged, -1), bound));
  return record;
}

struct Departure {
  std::int64_t entered = 0;
  std::int64_t left = 0;
};

// Counts who entered and who left, by segment, in a relation of changes.
Result<std::map<std::string, Departure>> count_changes(store::Connection& connection, const std::string& relation) {
  std::map<std::string, Departure> counts;
  HILO_ASSIGN(store::Rows rows, connection.query(fmt::format(
                                    "select segment, count(*) filter (change = 1), count(*) filter (change = -1) "
                                    "from {} group by segment order by segment",
                                    relation)));
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    counts[std::string(chunk.text(0, row))] = {.entered = chunk.integer(1, row), .left = chunk.integer(2, row)};
  }));
  return counts;
}

}  // namespace

Status load_records(store::Connection& connection, const store::Log& log, const expr::SegmentProgram& program) {
  HILO_TRY(connection.execute(std::string(sql::tables)));
  HILO_TRY(write_definitions(connection, program));
  std::vector<std::string> files;
  for (const store::LogEntry& entry : log.entries()) {
    if (log.knowledge() && entry.at >= log.knowledge()->before) break;
    HILO_TRY(write_records(connection, entry.run, entry.at, entry.memberships));
    if (!entry.members_file.empty()) files.push_back((log.folder_of(entry.run) / entry.members_file).string());
  }
  if (files.empty()) return {};
  const Status loaded = connection.execute(
      fmt::format("insert into segment_changes select run, segment, customer_id, change from read_parquet({})",
                  store::quote_list(files)));
  const auto is_lost = [](const std::string& file) { return !std::filesystem::exists(file); };
  const bool lost = std::ranges::any_of(files, is_lost);
  if (!loaded && !lost && loaded.error().code != ErrorCode::kInvalidInput) return loaded;  // the store's disk
  if (!loaded) return std::unexpected(damaged("cannot be read: " + loaded.error().message));
  return check_sums(connection);
}

Result<std::vector<store::MembershipRecord>> record_members(store::Connection& connection,
                                                            const expr::SegmentProgram& program,
                                                            const Recording& recording) {
  const std::vector<std::string> names = names_of(program);
  std::vector<store::MembershipRecord> records;
  if (names.empty()) return records;
  HILO_TRY(connection.query("create temp table members_now as " + members_sql(program, names, "main.customers"),
                            recording.as_of_day));
  HILO_TRY(connection.execute(
      store::fill(sql::changes, {{"run", std::to_string(recording.run)}, {"recorded", store::quote_list(names)}})));
  std::int64_t changes = 0;
  for (const std::string& name : names) {
    HILO_ASSIGN(store::MembershipRecord record, summary_of(connection, *program.find(name), recording));
    changes += record.entered + record.left;
    records.push_back(std::move(record));
  }
  HILO_TRY(write_records(connection, recording.run, recording.at, records));
  HILO_TRY(connection.execute("drop table members_now"));
  if (changes > 0) {
    HILO_TRY(connection.execute(
        fmt::format("copy (select * from segment_changes where run = {} order by segment, customer_id) to {} "
                    "({})",
                    recording.run, store::quote_text(recording.file.string()), kMembersFormat)));
  }
  return records;
}

Result<std::int64_t> erase_members(store::Connection& scratch, const store::Log& log, store::LogRewrite& rewrite,
                                   const std::vector<std::int64_t>& customer_ids) {
  const std::string theirs = fmt::format("customer_id in ({})", fmt::join(customer_ids, ", "));
  std::map<std::string, std::int64_t> fewer;  // members of each segment, after the entry at hand
  std::int64_t erased = 0;
  for (const store::LogEntry& entry : log.entries()) {
    std::map<std::string, Departure> gone;
    std::string from;
    if (!entry.members_file.empty()) {
      from = store::quote_text((log.folder_of(entry.run) / entry.members_file).string());
      HILO_ASSIGN(gone, count_changes(scratch, fmt::format("read_parquet({}) where {}", from, theirs)));
    }
    for (const auto& [segment, counts] : gone) {
      fewer[segment] += counts.entered - counts.left;
      erased += counts.entered + counts.left;
    }
    const bool smaller = std::ranges::any_of(
        entry.memberships, [&](const store::MembershipRecord& record) { return fewer[record.segment] != 0; });
    const bool rewritten = !gone.empty();
    if (!rewritten && !smaller) continue;
    HILO_ASSIGN(store::LogEntry * changed, rewrite.change(entry.run));
    for (store::MembershipRecord& record : changed->memberships) {
      record.members -= fewer[record.segment];
      record.entered -= gone[record.segment].entered;
      record.left -= gone[record.segment].left;
    }
    if (!rewritten) continue;
    HILO_TRY(scratch.execute(
        fmt::format("copy (select * from read_parquet({}) where not ({})) to {} ({})", from, theirs,
                    store::quote_text(rewrite.new_file(entry.run, entry.members_file).string()), kMembersFormat)));
  }
  return erased;
}

}  // namespace hilo::segment
