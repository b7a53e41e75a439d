#include "app/export.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/tables.h"
#include "base/text.h"
#include "model/column.h"

namespace hilo::app {
namespace {

bool is_among(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// An export on its way.
class Export {
 public:
  Export(SegmentDesk& desk, const OutputFile& output, const ExportRequest& request)
      : desk_(desk), connection_(desk.reader().connection()), output_(output), request_(request) {}

  Result<ExportReport> of_segment(const expr::SegmentRule& rule) {
    const Date day = request_.as_of.value_or(desk_.default_day());
    HILO_TRY(desk_.write_members(day, {rule.name}, "members"));
    if (!request_.hash.empty()) return hashed();
    return write(fmt::format("select c.* from {} c semi join members using (customer_id) order by c.customer_id",
                             customers_on(day)));
  }

  Result<ExportReport> of_table() {
    const bool flat = request_.what == "customers";
    if (request_.as_of && !flat) {
      return fail(ErrorCode::kUsage, "--as-of is for segments and customers: no other table has a day",
                  "`hilo sql --csv` asks for a part of a table.");
    }
    if (!request_.hash.empty() && !flat) {
      return fail(ErrorCode::kUsage, "--hash is for segments and customers",
                  "Name the segment whose members the platform is to find.");
    }
    if (!flat) return write("select * from " + request_.what);
    const Date day = request_.as_of.value_or(desk_.default_day());
    if (request_.hash.empty()) return write("select * from " + customers_on(day));
    HILO_TRY(connection_.execute(
        fmt::format("create or replace temp table members as select customer_id from {}", customers_on(day))));
    return hashed();
  }

 private:
  [[nodiscard]] std::string customers_on(Date day) const {
    return day == desk_.default_day() ? "main.customers" : fmt::format("customers_on(date '{}')", to_string(day));
  }

  Result<ExportReport> write(const std::string& sql) {
    ExportReport report;
    HILO_ASSIGN(report.rows, output_.write(connection_, sql, request_.format));
    return report;
  }

  Result<segment::ConsentColumns> known_consents() {
    segment::ConsentColumns known;
    HILO_ASSIGN(const std::vector<store::Column> columns, connection_.describe("select * from customers"));
    for (const store::Column& column : columns) {
      if (!is_consent(column.name) || column.type != "BOOLEAN") continue;
      const std::string channel = column.name.substr(column.name.find('_') + 1);
      channel == "ads" ? static_cast<void>(known.ads = true) : known.channels.push_back(channel);
    }
    return known;
  }

  // One row per member: what may go of each identifier, and what is known of it at all.
  Result<ExportReport> hashed() {
    HILO_ASSIGN(const segment::ConsentColumns consents, known_consents());
    std::string columns;
    std::string may_go = "false";
    std::string is_known = "false";
    std::string list;
    for (const segment::AdIdentifier identifier : request_.hash) {
      HILO_ASSIGN(const std::string consent, segment::consent_sql(identifier, consents));
      const std::string value = fmt::format("k.{}", segment::contact_column(identifier));
      const std::string hash = segment::hashed_sql(request_.platform, identifier, value);
      const std::string name = store::quote_name(segment::ad_column(request_.platform, identifier));
      columns += fmt::format(", case when {} then {} end as {}", consent, hash, name);
      may_go += fmt::format(" or {} is not null", name);
      is_known += fmt::format(" or {} is not null", hash);
      list += (list.empty() ? "" : ", ") + name;
    }
    HILO_TRY(connection_.execute(fmt::format(
        "create or replace temp table audience as select *, {} as may_go from (select {} as is_known{} from members m "
        "left join main.customers c using (customer_id) left join contact.customers k using (customer_id))",
        may_go, is_known, columns)));
    ExportReport report;
    HILO_ASSIGN(report.asked, connection_.query_integer("select count(*) from audience"));
    HILO_ASSIGN(report.without_contact, connection_.query_integer("select count(*) from audience where not is_known"));
    HILO_ASSIGN(report.without_consent,
                connection_.query_integer("select count(*) from audience where is_known and not may_go"));
    // The order of hashes tells nothing of the customers. A cell that is empty is one that the platform passes over.
    HILO_ASSIGN(
        report.rows,
        output_.write(connection_, fmt::format("select distinct {0} from audience where may_go order by {0}", list),
                      request_.format));
    return report;
  }

  SegmentDesk& desk_;
  store::Connection& connection_;
  const OutputFile& output_;
  const ExportRequest& request_;
};

expr::Checked<ExportReport> one(Result<ExportReport> result) {
  if (!result) return one_error(std::move(result).error());
  return *result;
}

}  // namespace

expr::Checked<ExportReport> export_file(const Workspace& workspace, const ExportRequest& request) {
  const auto output = OutputFile::at(workspace, request.file);
  if (!output) return one_error(output.error());
  auto desk = SegmentDesk::open(workspace, output->target());
  if (!desk) return std::unexpected(desk.error());
  Export job(*desk, *output, request);
  if (is_among(table_names(), request.what)) return one(job.of_table());
  if (is_among(contact_table_names(), request.what)) {
    if (!request.reveal) {
      return one_error(Error{.code = ErrorCode::kUsage,
                             .message = fmt::format("{} holds contact data", request.what),
                             .advice =
                                 "Add --reveal if they are to leave the store; --hash gives an advertising platform "
                                 "what it needs."});
    }
    return one(job.of_table());
  }
  const auto rule = desk->find(request.what);
  if (rule) return one(job.of_segment(**rule));
  if (rule.error().front().code != ErrorCode::kNotFound) return std::unexpected(rule.error());
  std::vector<std::string> names = table_names();
  names.insert(names.end(), contact_table_names().begin(), contact_table_names().end());
  for (const expr::SegmentRule& known : desk->program().rules) names.push_back(known.name);
  return one_error(Error{.code = ErrorCode::kNotFound,
                         .message = fmt::format("there is no segment and no table '{}'{}", request.what,
                                                did_you_mean(request.what, names)),
                         .advice = "`hilo segment list` names the segments, `hilo sql --help` the tables."});
}

}  // namespace hilo::app
