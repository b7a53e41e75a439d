#include "app/reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "store/generation.h"
#include "timeline/flat_table.h"

namespace hilo::app {
namespace {

constexpr std::size_t kDaysMax = 40'000;

Result<Date> day_argument(const store::Value& value, const char* name) {
  if (const Date* day = std::get_if<Date>(&value)) return *day;
  if (const std::string* text = std::get_if<std::string>(&value)) return parse_date(*text);
  return fail(ErrorCode::kInvalidInput, fmt::format("{} is not a day: write it as DATE '2011-06-30'", name));
}

Status add_functions(store::Database& database, const std::string& customers_sql) {
  HILO_TRY(database.add_table_function(
      "customers_on", {"DATE"},
      [customers_sql](const store::TableFunctionCall& call) -> Result<std::vector<store::TableFunctionQuery>> {
        HILO_ASSIGN(const Date day, day_argument(call.arguments.at(0), "the day"));
        return std::vector{store::TableFunctionQuery{customers_sql, timeline::day_parameters(day)}};
      }));
  const std::string dated = fmt::format("select $day::date as day, * from ({})", customers_sql);
  return database.add_table_function(
      "customers_between", {"DATE", "DATE", "VARCHAR"},
      [dated](const store::TableFunctionCall& call) -> Result<std::vector<store::TableFunctionQuery>> {
        HILO_ASSIGN(const Date from, day_argument(call.arguments.at(0), "the first day"));
        HILO_ASSIGN(const Date to, day_argument(call.arguments.at(1), "the last day"));
        const std::string* text = std::get_if<std::string>(&call.arguments.at(2));
        HILO_ASSIGN(const Step step, parse_step(text == nullptr ? "" : *text));
        HILO_ASSIGN(const std::vector<Date> days, days_between(from, to, step));
        std::vector<store::TableFunctionQuery> queries;
        for (const Date day : days) queries.push_back({dated, timeline::day_parameters(day)});
        return queries;
      });
}

}  // namespace

Result<Reader> Reader::open(const Workspace& workspace, const std::string& file) {
  const store::GenerationStore generations(workspace.store_folder());
  HILO_ASSIGN(store::Database database, generations.open_newest({}));
  HILO_ASSIGN(store::Connection connection, database.connect());
  Reader reader(std::move(database), std::move(connection));
  HILO_ASSIGN(const std::int64_t day, reader.connection_.query_integer("select day from meta"));
  reader.day_ = Date{static_cast<std::int32_t>(day)};
  HILO_ASSIGN(const auto currency, reader.connection_.query_text("select currency from meta"));
  HILO_ASSIGN(const auto region, reader.connection_.query_text("select region from meta"));
  reader.currency_ = currency.value_or("");
  reader.region_ = region.value_or("");
  HILO_ASSIGN(const std::string customers, reader.program("customers"));
  HILO_TRY(add_functions(reader.database_, customers));
  HILO_TRY(reader.database_.lock_down(file.empty() ? std::vector<std::string>{} : std::vector{file}));
  return reader;
}

Result<std::string> Reader::program(const std::string& name) {
  HILO_ASSIGN(const auto sql, connection_.query_text("select sql from programs where name = $name", {{"name", name}}));
  if (!sql) return fail(ErrorCode::kInternal, fmt::format("the store has no query '{}'", name), "Run `hilo rebuild`.");
  return *sql;
}

Result<Step> parse_step(const std::string& text) {
  if (text == "day") return Step::kDay;
  if (text == "week") return Step::kWeek;
  if (text == "month") return Step::kMonth;
  return fail(ErrorCode::kUsage,
              fmt::format("'{}' is not a step{}", text, did_you_mean(text, {"day", "week", "month"})),
              "A step is day, week or month.");
}

Result<std::vector<Date>> days_between(Date from, Date to, Step step) {
  if (to < from)
    return fail(ErrorCode::kUsage,
                fmt::format("the last day, {}, lies before the first, {}", to_string(to), to_string(from)));
  std::vector<Date> days;
  const CivilDate start = civil(from);
  for (int number = 0;; ++number) {
    Date day = from;
    if (step != Step::kMonth) {
      day.days += number * (step == Step::kDay ? 1 : 7);
    } else {
      const int months = start.month - 1 + number;
      Result<Date> wanted = make_date(start.year + months / 12, months % 12 + 1, start.day);
      for (int shorter = start.day - 1; !wanted; --shorter)
        wanted = make_date(start.year + months / 12, months % 12 + 1, shorter);
      day = *wanted;
    }
    if (to < day) return days;
    days.push_back(day);
    if (days.size() > kDaysMax)
      return fail(ErrorCode::kUsage, fmt::format("the series has more than {} days", with_separators(kDaysMax)),
                  "Ask for weeks or months, or a shorter time.");
  }
}

}  // namespace hilo::app
