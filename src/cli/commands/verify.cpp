#include "app/verify.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/text_table.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress_view.h"
#include "cli/run_report_view.h"
#include "cli/table_view.h"

namespace hilo::cli {
namespace {

using app::Comparison;

// What one of both lacks has no rows there.
std::optional<std::string> rows_text(const app::ComparedContent& content, std::int64_t rows, Comparison lacking) {
  if (content.kind != "table" || content.comparison == lacking) return std::nullopt;
  return std::to_string(rows);
}

std::optional<std::string> digest_text(const std::string& digest) {
  return digest.empty() ? std::nullopt : std::optional(digest);
}

std::string table_of(const app::VerifyReport& report, const Terminal& terminal) {
  app::TextTable table{.columns = {{"table", "VARCHAR"},
                                   {"rows", "BIGINT"},
                                   {"of a rebuild", "BIGINT"},
                                   {"comparison", "VARCHAR"},
                                   {"digest", "VARCHAR"}},
                       .rows = {}};
  for (const app::ComparedContent& content : report.contents) {
    const std::string name =
        content.kind == "table" ? content.name : fmt::format("{} ({})", content.name, content.kind);
    table.rows.push_back({name, rows_text(content, content.rows, Comparison::kMissing),
                          rows_text(content, content.rebuilt_rows, Comparison::kAdded),
                          std::string(comparison_name(content.comparison)), digest_text(content.digest)});
  }
  return render_table(table, terminal);
}

// How a table differs, in words.
std::string told(const app::ComparedContent& content) {
  switch (content.comparison) {
    case Comparison::kEqual: return "";
    case Comparison::kMissing: return fmt::format("the store has no such {}", content.kind);
    case Comparison::kAdded: return fmt::format("no rebuild makes such a {}", content.kind);
    case Comparison::kColumns: return "other columns: " + join(content.other_columns, ", ");
    case Comparison::kDiffers: break;
  }
  if (content.kind != "table") return "another text";
  const store::RowDifference& difference = content.difference;
  std::vector<std::string> parts;
  if (difference.missing > 0) parts.push_back(counted(difference.missing, "row") + " missing");
  if (difference.added > 0) parts.push_back(counted(difference.added, "row") + " too many");
  if (difference.changed > 0) {
    std::vector<std::string> columns;
    for (const store::ColumnDifference& column : difference.columns)
      columns.push_back(fmt::format("{} ({})", column.column, with_separators(column.rows)));
    parts.push_back(fmt::format("{} changed, in {}", counted(difference.changed, "row"), join(columns, ", ")));
  }
  return join(parts, "; ");
}

std::string advice(const app::VerifyReport& report) {
  if (!report.same_rules) {
    return "The store was made by another version of hilo, or of another log; that may be all there is to it.\n"
           "Run `hilo rebuild`, and then `hilo verify` again.\n";
  }
  return "Somebody or something changed the store's file, or a run extended it wrongly.\n"
         "Run `hilo rebuild`: it makes the store again from the log. If nobody wrote to the file, keep a copy of "
         "store/\n"
         "first, and please report what this command says: it holds no customer's data.\n";
}

std::string render(const app::VerifyReport& report, const Terminal& terminal) {
  std::string out = table_of(report, terminal) + "\n";
  const auto contents = static_cast<std::int64_t>(report.contents.size());
  if (report.differences == 0) {
    out += fmt::format("{}: the store holds what the log gives up to run {} ({} tables and views, {:.1f} s).\n",
                       terminal.green("Equal"), report.run, contents, report.seconds);
    if (!report.same_rules)
      out += "note: it was made by another version of hilo, or of another log; the next run will make it anew\n";
    return out;
  }
  for (const app::ComparedContent& content : report.contents) {
    if (content.comparison != Comparison::kEqual) out += harmless(fmt::format("{}: {}\n", content.name, told(content)));
  }
  return out + fmt::format(
                   "\n{}: {} of {} tables and views of the store are not what the log gives up to run {} "
                   "({:.1f} s).\n{}",
                   terminal.red("Not equal"), report.differences, contents, report.run, report.seconds, advice(report));
}

std::string number_or_null(const std::optional<std::string>& number) { return number.value_or("null"); }

std::string text_or_null(const std::string& text) { return text.empty() ? "null" : app::json_text(text); }

std::string content_json(const app::ComparedContent& content) {
  std::string columns;
  for (const store::ColumnDifference& column : content.difference.columns)
    columns += fmt::format("{}{}: {}", columns.empty() ? "" : ", ", app::json_text(column.column), column.rows);
  std::string other;
  for (const std::string& column : content.other_columns) other += (other.empty() ? "" : ", ") + app::json_text(column);
  return fmt::format(
      "{{\"name\": {}, \"kind\": {}, \"comparison\": {}, \"rows\": {}, \"rebuilt_rows\": {}, \"digest\": {}, "
      "\"rebuilt_digest\": {}, \"missing\": {}, \"added\": {}, \"changed\": {}, \"columns\": {{{}}}, "
      "\"other_columns\": [{}]}}",
      app::json_text(content.name), app::json_text(content.kind), app::json_text(comparison_name(content.comparison)),
      number_or_null(rows_text(content, content.rows, Comparison::kMissing)),
      number_or_null(rows_text(content, content.rebuilt_rows, Comparison::kAdded)), text_or_null(content.digest),
      text_or_null(content.rebuilt_digest), content.difference.missing, content.difference.added,
      content.difference.changed, columns, other);
}

std::string render_json(const app::VerifyReport& report) {
  std::string contents;
  for (const app::ComparedContent& content : report.contents)
    contents += (contents.empty() ? "\n" : ",\n") + content_json(content);
  return fmt::format(
      "{{\"equal\": {}, \"run\": {}, \"differences\": {}, \"same_rules\": {}, \"seconds\": {:.6f}, \"passes\": [{}], "
      "\"contents\": [{}]}}\n",
      report.differences == 0, report.run, report.differences, report.same_rules, report.seconds,
      passes_json(report.passes), contents);
}

void verify(Session& session) {
  const auto workspace = app::Workspace::find(session.folder);
  if (!workspace) return conclude(session, std::unexpected(workspace.error()));
  app::Verification verification(*workspace);
  const auto report = [&] {
    const InterruptWatch watch(
        [&]() -> std::string {
          verification.abandon();
          return "interrupted: nothing was changed\n";
        },
        session.err);
    ProgressView view(session.err);
    return verification.make(view);
  }();
  if (!report) return conclude_all(session, report.error());
  if (report->differences > 0) session.exit_code = exit_code(ErrorCode::kInvalidInput);
  session.json ? print(render_json(*report)) : show(session, render(*report, session.out));
}

}  // namespace

void add_verify(CLI::App& program, Session& session) {
  CLI::App* command = add_command(
      program, session, "verify", "Compare the store with what the log alone gives",
      "  hilo verify\n  hilo verify --json | jq .equal\n"
      "\nA second store is built as `hilo rebuild` does, in a folder below store/ that is removed again. Of each "
      "table\n"
      "the columns and a digest of all rows are compared, in whatever order these stand, and of each view its text.\n"
      "Of a table that differs it is said how many rows, and in which columns; never a value. The published store\n"
      "stays as it is, and can be asked meanwhile; no run can begin. This takes as long as `hilo rebuild`, and as\n"
      "much memory and room on the disk. The exit code is 0 where all is equal, and 1 where something differs.\n");
  add_json_option(command, session);
  command->callback([&session] { verify(session); });
}

}  // namespace hilo::cli
