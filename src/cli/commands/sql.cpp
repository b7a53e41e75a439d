#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include <fmt/format.h>

#include "app/reader.h"
#include "app/text_table.h"
#include "app/time_limit.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/known_option.h"
#include "cli/table_view.h"
#include "expr/reads.h"
#include "model/column.h"

namespace hilo::cli {
namespace {

constexpr std::int64_t kRowsShown = 200;

// A question under its time limit, which holds until the first row of the answer: whoever reads on may take their time.
struct Question {
  store::Connection& connection;
  const std::string& sql;
  std::optional<app::TimeLimit>& limit;
};

Status print_json(const Question& question) {
  const auto& [connection, sql, limit] = question;
  HILO_ASSIGN(const auto columns, connection.describe(sql));
  bool first = true;
  print("[");
  HILO_ASSIGN(const auto shown, app::stream_rows(connection, sql, {}, [&](const app::TextRow& row) {
                limit.reset();
                print(std::string(first ? "\n" : ",\n") + app::json_object(columns, row));
                first = false;
              }));
  static_cast<void>(shown);
  print("\n]\n");
  return {};
}

Status print_csv(const Question& question) {
  const auto& [connection, sql, limit] = question;
  HILO_ASSIGN(const auto columns, connection.describe(sql));
  app::TextRow header;
  for (const store::Column& column : columns) header.emplace_back(column.name);
  print(app::csv_record(header) + "\n");
  HILO_ASSIGN(const auto shown, app::stream_rows(connection, sql, {}, [&](const app::TextRow& row) {
                limit.reset();
                print(app::csv_record(row) + "\n");
              }));
  static_cast<void>(shown);
  return {};
}

// The engine's complaint as it concerns people: without its own word for the kind, with a hint where contact data are.
Status told(const Status& outcome) {
  if (outcome) return outcome;
  Error error = outcome.error();
  for (const std::string_view kind : {"Binder Error: ", "Catalog Error: ", "Parser Error: ", "Conversion Error: "}) {
    if (error.message.starts_with(kind)) error.message.erase(0, kind.size());
  }
  constexpr std::string_view kUnknown = "Referenced column \"";
  if (error.message.starts_with(kUnknown)) {
    const std::string name =
        error.message.substr(kUnknown.size(), error.message.find('"', kUnknown.size()) - kUnknown.size());
    const CanonicalColumn* column = find_canonical(lower_ascii(name));
    if (column != nullptr && column->contact)
      error.advice = "Contact data stand in contact.customers: join it by customer_id, and add --reveal.";
  }
  return std::unexpected(std::move(error));
}

// Table functions that read no table of the store, or none that holds contact data. All others may: query('...'),
// query_table, histogram, the statistics of pragma_storage_info ...
bool reads_no_contact(const std::string& function) {
  static constexpr std::array<std::string_view, 22> kHarmless = {"customers_on",
                                                                 "customers_between",
                                                                 "range",
                                                                 "generate_series",
                                                                 "unnest",
                                                                 "repeat",
                                                                 "repeat_row",
                                                                 "json_each",
                                                                 "json_tree",
                                                                 "duckdb_tables",
                                                                 "duckdb_columns",
                                                                 "duckdb_views",
                                                                 "duckdb_schemas",
                                                                 "duckdb_databases",
                                                                 "duckdb_functions",
                                                                 "duckdb_types",
                                                                 "duckdb_settings",
                                                                 "duckdb_constraints",
                                                                 "duckdb_keywords",
                                                                 "pragma_table_info",
                                                                 "pragma_version",
                                                                 "pg_timezone_names"};
  return std::ranges::find(kHarmless, function) != kHarmless.end();
}

// Contact data are shown only to who asks for them in so many words. What a question names is read from its parse
// tree, so that no alias, quotes or subquery hide it; what cannot be read so is refused.
Status refuse_contact(store::Connection& connection, const std::string& sql) {
  HILO_ASSIGN(const store::StatementKind kind, connection.statement_kind(sql));
  if (kind == store::StatementKind::kOther) return {};  // never answered
  constexpr std::string_view kAdvice = "Add --reveal if contact data are to be seen.";
  const Result<expr::Reads> reads = expr::read_names(sql, connection);
  if (!reads)
    return fail(ErrorCode::kUsage, "it cannot be told whether this reads contact data",
                std::string(kAdvice) + " Else ask with a plain SELECT, or EXPLAIN and one.");
  if (std::ranges::find(reads->schemas, "contact") != reads->schemas.end())
    return fail(ErrorCode::kUsage, "tables of the schema contact hold contact data", std::string(kAdvice));
  const auto function = std::ranges::find_if_not(reads->functions, reads_no_contact);
  const bool plans = std::ranges::find(reads->calls, "json_serialize_plan") != reads->calls.end();
  if (function == reads->functions.end() && !plans) return {};
  return fail(ErrorCode::kUsage,
              fmt::format("{}(...) may read contact data", plans ? "json_serialize_plan" : *function),
              std::string(kAdvice) + " Else name the tables themselves.");
}

Result<std::string> standard_input() {
  constexpr std::size_t kBytesMax = std::size_t{1} << 20U;
  std::string text(kBytesMax + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stdin));
  if (std::ferror(stdin) != 0) return fail(ErrorCode::kIo, "standard input cannot be read");
  if (text.size() > kBytesMax) return fail(ErrorCode::kUsage, "standard input holds more than 1 MiB: that is no query");
  if (trim(text).empty()) return fail(ErrorCode::kUsage, "standard input holds no query");
  return text;
}

Status answer(Session& session, const Question& question, bool csv) {
  if (session.json) return print_json(question);
  if (csv) return print_csv(question);
  HILO_ASSIGN(const app::TextTable table, app::query_table(question.connection, question.sql, {}, kRowsShown));
  question.limit.reset();
  show(session, render_table(table, session.out,
                             {.rows = "--csv gives all", .columns = "name those that you want, or ask with --csv"}));
  return {};
}

struct Words {
  std::string query;
  bool csv = false;
  bool reveal = false;
};

Status ask(Session& session, const Words& words) {
  const auto& [query, csv, reveal] = words;
  if (csv && session.json) return fail(ErrorCode::kUsage, "--csv and --json contradict each other: give one of them");
  std::string sql = query;
  if (query == "-") {
    HILO_ASSIGN(sql, standard_input());
  }
  HILO_ASSIGN(const app::Workspace workspace, workspace_of(session));
  HILO_ASSIGN(app::Reader reader, app::Reader::open(workspace));
  const Settings settings = app::settings_for_questions(workspace, reader.connection());
  std::optional<app::TimeLimit> limit(std::in_place, reader.connection(), app::question_limit(settings));
  Status answered = reveal ? Status{} : refuse_contact(reader.connection(), sql);
  if (answered) answered = answer(session, {reader.connection(), sql, limit}, csv);
  if (!answered && limit) return std::unexpected(limit->told(answered.error()));
  return answered;
}

}  // namespace

void add_sql(CLI::App& program, Session& session) {
  CLI::App* command = add_command(
      program, session, "sql", "Ask the store in SQL: read-only, files and network shut off",
      "  hilo sql \"select buyer_type, count(*), sum(revenue_365d) from customers group by all\"\n"
      "  hilo sql \"select count(*) from customers_on('2011-06-30') where orders_90d > 0\"\n"
      "  hilo sql --csv \"select day, count(*) from customers_between('2011-01-31', '2011-12-31', 'month') group by "
      "day order by day\"\n"
      "  hilo sql --known-on 2011-06-30 \"select count(*), sum(revenue_365d) from customers\"\n"
      "  hilo sql - < question.sql\n\n"
      "Tables: customers, events, items, versions, records, identity, links, shared_identifiers, redirects, rejects,\n"
      "deliveries, sources, products, stores, campaigns, contact_costs, fx_rates.\n"
      "Contact data (names, e-mail, phone, address) stand apart, in contact.customers, contact.versions,\n"
      "contact.identifiers and contact.reject_values: join them by customer_id, record_id or reject_id.\n"
      "They are read with --reveal alone, and so are functions that may reach them, such as query('...').\n");
  add_json_option(command, session);
  add_known_option(command, session);
  auto words = std::make_shared<Words>();
  command->add_option("SQL", words->query, "One SELECT; - reads it from standard input")->required();
  command->add_flag("--csv", words->csv, "CSV, for programs");
  command->add_flag("--reveal", words->reveal, "Contact data may be read: tables of the schema contact");
  command->callback([&session, words] { conclude(session, told(ask(session, *words))); });
}

}  // namespace hilo::cli
