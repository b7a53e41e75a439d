#include "app/segments.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/past_members.h"
#include "app/settings.h"
#include "app/tables.h"
#include "app/time_limit.h"
#include "base/text.h"
#include "segment/membership.h"
#include "timeline/flat_table.h"

namespace hilo::app {
namespace {

constexpr std::int64_t kSampleRows = 10;
constexpr const char* kTrialFile = "rule";

std::string column_list(const std::vector<std::string>& columns, const std::string& prefix = {}) {
  std::vector<std::string> quoted;
  for (const std::string& column : columns) quoted.push_back(prefix + store::quote_name(column));
  return join(quoted, ", ");
}

// The same members each time, spread over all: two steps of a multiplicative generator from their ids (Park, Miller
// and Stockmeyer, 1993; one step leaves small ids in their order).
constexpr std::string_view kSpread =
    "((((customer_id % 2147483647) * 48271) % 2147483647) * 48271) % 2147483647, customer_id";

std::vector<expr::DefinitionFile> segment_files(const DefinitionTexts& texts) {
  std::vector<expr::DefinitionFile> files;
  for (const auto& [path, text] : texts) {
    if (path.starts_with("segments/"))
      files.push_back({.path = path, .name = std::filesystem::path(path).stem().string(), .text = text});
  }
  return files;
}

// A condition as a definition. The text before it stands on a line of its own, so that places are easily told.
std::string definition_of(const std::string& condition) {
  const std::string start = lower_ascii(trim(condition).substr(0, 5));
  return fmt::format("select customer_id from customers{}\n{}", start == "where" ? "" : " where", condition);
}

Error as_place_in_rule(Error error) {
  if (error.position.file == kTrialFile && error.position.line > 0) {
    error.position.line = std::max(1, error.position.line - 1);
  }
  return error;
}

}  // namespace

expr::Checked<SegmentDesk> SegmentDesk::open(const Workspace& workspace, const std::string& file) {
  const auto texts = workspace.read_definitions();
  if (!texts) return one_error(texts.error());
  auto database = store::Database::open("");
  if (!database) return one_error(database.error());
  auto scratch = database->connect();
  if (!scratch) return one_error(scratch.error());
  auto settings = read_settings("hilo.yaml", texts->at("hilo.yaml"), *scratch);
  if (!settings) return std::unexpected(std::move(settings).error());
  auto reader = Reader::open(workspace, file);
  if (!reader) return one_error(reader.error());
  SegmentDesk desk(std::move(*reader), std::move(*settings));
  auto columns = desk.reader_.connection().describe("select * from customers");
  if (!columns) return one_error(columns.error());
  desk.flat_ = {"customers", std::move(*columns)};
  desk.files_ = segment_files(*texts);
  return desk;
}

Status SegmentDesk::compile() {
  if (compiled_) return {};
  HILO_ASSIGN(program_, compiled(files_));
  compiled_ = true;
  return {};
}

Result<expr::SegmentProgram> SegmentDesk::compiled(const std::vector<expr::DefinitionFile>& files) const {
  HILO_ASSIGN(store::Database database, store::Database::open(""));
  HILO_ASSIGN(store::Connection scratch, database.connect());
  const TimeLimit limit(scratch, rule_limit(settings_, "the check of the segments"));
  return expr::compile_segments(files, flat_, table_names(), scratch);
}

expr::Checked<const expr::SegmentRule*> SegmentDesk::find(const std::string& name) {
  if (const Status checked = compile(); !checked) return one_error(checked.error());
  if (const expr::SegmentRule* rule = program_.find(name)) return rule;
  if (std::ranges::find(files_, name, &expr::DefinitionFile::name) != files_.end())
    return std::unexpected(program_.errors);
  std::vector<std::string> names;
  for (const expr::DefinitionFile& file : files_) names.push_back(file.name);
  return one_error(
      Error{.code = ErrorCode::kNotFound,
            .message = fmt::format("there is no segment '{}'{}", name, did_you_mean(name, names)),
            .advice = files_.empty() ? "Write one: segments/README.md shows how." : "`hilo segment list` names them."});
}

expr::Checked<std::vector<std::string>> SegmentDesk::all() {
  if (const Status checked = compile(); !checked) return one_error(checked.error());
  if (!program_.errors.empty()) return std::unexpected(program_.errors);
  return segment::names_of(program_);
}

Limit SegmentDesk::limit() const { return rule_limit(settings_, "the rules of the segments"); }

Result<std::string> SegmentDesk::customers_on(Date day, const std::vector<std::string>& columns) {
  if (day == reader_.default_day()) return "main.customers";
  HILO_TRY(reader_.write_customers(day, columns, "customers_of_day"));
  return "temp.customers_of_day";
}

Status SegmentDesk::write_members_of(const expr::SegmentProgram& program, Date day,
                                     const std::vector<std::string>& names, const std::string& table) {
  // The other days come first: the flat table that is asked for last stands.
  HILO_TRY(write_past_members(
      reader_.connection(), program, {.day = day, .names = names},
      [this](Date other, const std::vector<std::string>& columns) { return customers_on(other, columns); },
      rule_limit(settings_, "the rule")));
  HILO_ASSIGN(const std::string customers, customers_on(day, segment::columns_needed(program, names)));
  const TimeLimit limit(reader_.connection(), rule_limit(settings_, "the rule"));
  const auto written = reader_.connection().query(
      fmt::format("create or replace temp table {} as {}", table, segment::members_sql(program, names, customers)),
      timeline::day_parameters(day));
  if (!written) return std::unexpected(limit.told(written.error()));
  return {};
}

Status SegmentDesk::write_members(Date day, const std::vector<std::string>& names, const std::string& table) {
  return write_members_of(program_, day, names, table);
}

Result<std::int64_t> SegmentDesk::count_customers(Date day) {
  return reader_.connection().query_integer("select count(*) from customer_spans where exists_from < $as_of::timestamp",
                                            timeline::day_parameters(day));
}

Result<SegmentSizes> SegmentDesk::sizes(const std::vector<std::string>& names, std::optional<Date> before) {
  SegmentSizes sizes{.day = reader_.default_day(), .before = before, .customers = 0, .segments = {}};
  HILO_ASSIGN(sizes.customers, count_customers(sizes.day));
  if (names.empty()) return sizes;
  for (const std::string& name : names)
    sizes.segments.push_back({.name = name, .title = program_.find(name)->title, .members = 0, .before = {}});
  const auto count = [&](const std::string& name) {
    return reader_.connection().query_integer("select count(*) from members where segment = $segment",
                                              {{"segment", name}});
  };
  HILO_TRY(write_members(sizes.day, names, "members"));
  for (SegmentSize& size : sizes.segments) {
    HILO_ASSIGN(size.members, count(size.name));
  }
  if (!before) return sizes;
  HILO_TRY(write_members(*before, names, "members"));
  for (SegmentSize& size : sizes.segments) {
    HILO_ASSIGN(size.before, count(size.name));
  }
  return sizes;
}

// Some of the rows of temp table members, the same ones each time. They are asked for by their ids: for the sake of ten
// rows no column is to be read whole.
Result<TextTable> SegmentDesk::sample_of(const expr::SegmentProgram& program, const expr::SegmentRule& rule) {
  HILO_ASSIGN(store::Rows drawn, reader_.connection().query(fmt::format(
                                     "select customer_id from members order by {} limit {}", kSpread, kSampleRows)));
  std::vector<std::int64_t> ids;
  HILO_TRY(drawn.for_each([&](const store::Chunk& chunk, std::size_t row) { ids.push_back(chunk.integer(0, row)); }));
  return query_table(reader_.connection(),
                     fmt::format("select {} from main.customers where customer_id in ({}) order by {}",
                                 column_list(segment::columns_needed(program, {rule.name})),
                                 ids.empty() ? "null" : fmt::format("{}", fmt::join(ids, ", ")), kSpread));
}

Result<SegmentView> SegmentDesk::show(const expr::SegmentRule& rule, std::optional<Date> before) {
  SegmentView view;
  view.rule = rule;
  view.text = std::ranges::find(files_, rule.name, &expr::DefinitionFile::name)->text;
  HILO_ASSIGN(view.size, sizes({rule.name}, before));
  HILO_ASSIGN(view.recorded,
              reader_.connection().query_text(
                  "select 'run ' || run || ', day ' || day || ', version ' || version || ': ' || members || "
                  "case members when 1 then ' member' else ' members' end from segment_records "
                  "where segment = $segment order by run desc limit 1",
                  {{"segment", rule.name}}));
  HILO_TRY(write_members(reader_.default_day(), {rule.name}, "members"));
  HILO_ASSIGN(view.sample, sample_of(program_, rule));
  return view;
}

Result<TextTable> SegmentDesk::members(const expr::SegmentRule& rule, Date day, std::int64_t rows_max) {
  HILO_TRY(write_members(day, {rule.name}, "members"));
  const std::string source = day == reader_.default_day() ? "main.customers" : "temp.customers_of_day";
  const std::string limit = rows_max > 0 ? fmt::format(" limit {}", rows_max) : "";
  HILO_ASSIGN(
      TextTable table,
      query_table(reader_.connection(),
                  fmt::format("select {} from {} c semi join members using (customer_id) order by customer_id{}",
                              column_list(segment::columns_needed(program_, {rule.name}), "c."), source, limit)));
  HILO_ASSIGN(const std::int64_t all, reader_.connection().query_integer("select count(*) from members"));
  table.rows_left_out = all - static_cast<std::int64_t>(table.rows.size());
  return table;
}

expr::Checked<RuleTrial> SegmentDesk::try_rule(const std::string& condition) {
  std::string name = "this-rule";
  while (std::ranges::find(files_, name, &expr::DefinitionFile::name) != files_.end()) name += "-";
  const expr::DefinitionFile file = {.path = kTrialFile, .name = name, .text = definition_of(condition)};
  // The check of segments that the rule does not use would be most of the time that a trial takes.
  const auto checked = [&]() -> Result<expr::SegmentProgram> {
    HILO_ASSIGN(store::Database database, store::Database::open(""));
    HILO_ASSIGN(store::Connection scratch, database.connect());
    return compiled(expr::files_used(file, files_, scratch));
  }();
  if (!checked) return one_error(checked.error());
  const expr::SegmentProgram& program = *checked;
  const expr::SegmentRule* rule = program.find(name);
  if (rule == nullptr) {
    std::vector<Error> own;
    for (const Error& error : program.errors) {
      if (error.position.file == kTrialFile) own.push_back(as_place_in_rule(error));
    }
    return std::unexpected(own.empty() ? program.errors : own);
  }
  RuleTrial trial{
      .conditions = rule->conditions, .day = reader_.default_day(), .members = 0, .customers = 0, .sample = {}};
  const Status asked = [&]() -> Status {
    HILO_TRY(write_members_of(program, trial.day, {name}, "members"));
    HILO_ASSIGN(trial.members, reader_.connection().query_integer("select count(*) from members"));
    HILO_ASSIGN(trial.customers, count_customers(trial.day));
    HILO_ASSIGN(trial.sample, sample_of(program, *rule));
    return {};
  }();
  if (!asked) return one_error(asked.error());
  return trial;
}

Date month_before(Date day) {
  const CivilDate at = civil(day);
  const int year = at.month == 1 ? at.year - 1 : at.year;
  const int month = at.month == 1 ? 12 : at.month - 1;
  Result<Date> before = make_date(year, month, at.day);
  for (int shorter = at.day - 1; !before; --shorter) before = make_date(year, month, shorter);
  return *before;
}

}  // namespace hilo::app
