#include "app/reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "base/text.h"
#include "store/generation.h"
#include "timeline/day_table.h"

namespace hilo::app {
namespace {

using timeline::DaySeries;
using timeline::PastDays;

constexpr std::size_t kDaysMax = 40'000;

// A midnight is a day, too: the engine makes one of a date and an interval.
Result<Date> day_argument(const store::Value& value, const char* name) {
  constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
  constexpr std::int32_t kInfinite = std::numeric_limits<std::int32_t>::max();
  if (const std::string* text = std::get_if<std::string>(&value)) return parse_date(*text);
  std::optional<Date> day;
  if (const Date* given = std::get_if<Date>(&value)) day = *given;
  const store::WallTime* moment = std::get_if<store::WallTime>(&value);
  if (moment != nullptr && moment->micros % kMicrosPerDay == 0)
    day = Date{static_cast<std::int32_t>(moment->micros / kMicrosPerDay)};
  if (day && day->days != kInfinite && day->days != -kInfinite) return *day;
  const bool is_null = std::holds_alternative<std::monostate>(value);
  const char* is = is_null ? "is NULL" : moment != nullptr ? "is a moment, not a day" : "is not a day";
  return fail(ErrorCode::kInvalidInput, fmt::format("{} {}: write it as DATE '2011-06-30'", name, is));
}

// The rows of one day, with the columns asked for. Queries of one call follow each other: what one of them read of the
// history is there for the next.
store::TableFunctionQuery day_query(const std::shared_ptr<DaySeries>& series, const std::vector<std::string>& columns,
                                    Date day) {
  constexpr const char* kTable = "customers_of_day";
  return {.sql = fmt::format("from temp.{}", kTable), .parameters = {}, .before = [=](store::Connection& connection) {
            return series->write(connection, day, columns, kTable);
          }};
}

store::TableFunction customers_on(const PastDays& past) {
  const auto day_of = [](const std::vector<store::Value>& arguments) {
    return day_argument(arguments.at(0), "the day");
  };
  return {.name = "customers_on",
          .arguments = {"DATE"},
          .columns_sql = "from main.customers",
          .check = [=](const std::vector<store::Value>& arguments) -> Status {
            HILO_TRY(day_of(arguments));
            return {};
          },
          .plan = [=](const store::TableFunctionCall& call) -> Result<std::vector<store::TableFunctionQuery>> {
            HILO_ASSIGN(const Date day, day_of(call.arguments));
            return std::vector{day_query(std::make_shared<DaySeries>(past, day), call.columns, day)};
          }};
}

Result<std::vector<Date>> days_asked_for(const std::vector<store::Value>& arguments) {
  HILO_ASSIGN(const Date from, day_argument(arguments.at(0), "the first day"));
  HILO_ASSIGN(const Date to, day_argument(arguments.at(1), "the last day"));
  const std::string* text = std::get_if<std::string>(&arguments.at(2));
  HILO_ASSIGN(const Step step, parse_step(text == nullptr ? "" : *text));
  return days_between(from, to, step);
}

// As customers_on, day after day, with the day before the other columns.
store::TableFunction customers_between(const PastDays& past) {
  constexpr const char* kDay = "day";
  return {.name = "customers_between",
          .arguments = {"DATE", "DATE", "VARCHAR"},
          .columns_sql = "select null::date as day, * from main.customers",
          .check = [](const std::vector<store::Value>& arguments) -> Status {
            HILO_TRY(days_asked_for(arguments));
            return {};
          },
          .plan = [=](const store::TableFunctionCall& call) -> Result<std::vector<store::TableFunctionQuery>> {
            std::vector<std::string> columns;
            std::string list;
            for (const std::string& column : call.columns) {
              list += fmt::format("{}{}", list.empty() ? "" : ", ",
                                  column == kDay ? "$day::date as day" : store::quote_name(column));
              if (column != kDay) columns.push_back(column);
            }
            if (columns.empty()) columns.emplace_back("customer_id");
            HILO_ASSIGN(const std::vector<Date> days, days_asked_for(call.arguments));
            const auto series = std::make_shared<DaySeries>(past, days.back(), days.size());
            std::vector<store::TableFunctionQuery> queries;
            for (const Date day : days) {
              queries.push_back(day_query(series, columns, day));
              queries.back().sql = fmt::format("select {} {}", list, queries.back().sql);
              queries.back().parameters = {{"day", day}};
            }
            return queries;
          }};
}

struct Published {
  store::Database database;
  store::Connection connection;
  PastDays past;
};

// A run may publish between the opening of the file by the engine and by us: then there is a newer one.
Result<Published> open_published(const store::GenerationStore& generations) {
  constexpr int kAttempts = 5;
  for (int attempt = 1;; ++attempt) {
    HILO_ASSIGN(store::Database database, generations.open_newest({}));
    HILO_ASSIGN(store::Connection connection, database.connect());
    Result<PastDays> past = PastDays::open(connection);
    if (past) return Published{std::move(database), std::move(connection), std::move(*past)};
    if (past.error().code != ErrorCode::kIo || attempt == kAttempts) return std::unexpected(past.error());
  }
}

}  // namespace

Result<Reader> Reader::open(const Workspace& workspace, const std::string& file) {
  HILO_ASSIGN(Published published, open_published(store::GenerationStore(workspace.store_folder())));
  const PastDays& past = published.past;
  Reader reader(std::move(published.database), std::move(published.connection));
  HILO_ASSIGN(const std::int64_t day, reader.connection_.query_integer("select day from meta"));
  reader.day_ = Date{static_cast<std::int32_t>(day)};
  HILO_ASSIGN(const auto currency, reader.connection_.query_text("select currency from meta"));
  HILO_ASSIGN(const auto region, reader.connection_.query_text("select region from meta"));
  reader.currency_ = currency.value_or("");
  reader.region_ = region.value_or("");
  HILO_TRY(reader.database_.add_table_function(customers_on(past)));
  HILO_TRY(reader.database_.add_table_function(customers_between(past)));
  reader.series_ = std::make_unique<DaySeries>(past, reader.day_);
  HILO_TRY(reader.database_.lock_down(file.empty() ? std::vector<std::string>{} : std::vector{file}));
  return reader;
}

Result<std::string> Reader::program(const std::string& name) {
  HILO_ASSIGN(const auto sql, connection_.query_text("select sql from programs where name = $name", {{"name", name}}));
  if (!sql) return fail(ErrorCode::kInternal, fmt::format("the store has no query '{}'", name), "Run `hilo rebuild`.");
  return *sql;
}

Status Reader::write_customers(Date day, const std::vector<std::string>& columns, const std::string& table) {
  return series_->write(connection_, day, columns, table);
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
