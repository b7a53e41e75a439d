#include "timeline/flat_table.h"

#include <fmt/format.h>

#include "model/column.h"

namespace hilo::timeline {
namespace {

using store::quote_name;

// The latest value that any of a customer's records gave; of two at one moment, that of the better-ranked source
// counts, then the later in the log. The query reads `ranked` rows.
std::string latest(const std::string& column) {
  const std::string name = quote_name(column);
  return fmt::format("arg_max({0}, _moment) filter ({0} is not null) as {0}", name);
}

// Versions, each with its moment: time, rank (1 to 1000, lower counts more) and place in the log in one number, which
// compares many times faster than three values do.
std::string ranked(std::string_view versions, std::string_view time, std::string_view version) {
  return fmt::format(
      "(select v.*, (epoch_us(v.{1})::hugeint * 1024 + (1000 - coalesce(s.rank, 100))) * 17592186044416 + v.{2} as "
      "_moment from {0} v left join main.sources s using (source))",
      versions, time, version);
}

// The customers that exist on the day, and the tables cut at its end. Each reader scans them for itself: a copy of all
// events, which the engine would make for two readers, takes gigabytes.
constexpr std::string_view kFrame =
    R"(with existing as not materialized (
  select customer_id, customer_since from customer_spans where exists_from < $as_of::timestamp),
events as not materialized (select * from main.events where customer_id is not null and time < $as_of::timestamp),
items as not materialized (select * from main.items where customer_id is not null and time < $as_of::timestamp),
versions as not materialized (
  select * from main.versions where customer_id is not null and time < $as_of::timestamp))";

// Where the golden rows of some customers are read from.
struct GoldenSource {
  std::string existing;
  std::string ranked;
  std::string restriction;  // of other relations with a customer
};

// Consent never widens by a merge: each record's latest word, and a no of any of them is a no. Most versions say
// nothing of it. Returns the join that brings it; "" where no source asks.
std::string consents_sql(const std::vector<store::Column>& traits, const GoldenSource& from) {
  std::string said;
  std::string per_record;
  std::string together;
  for (const store::Column& trait : traits) {
    if (!is_consent(trait.name)) continue;
    const std::string name = quote_name(trait.name);
    said += fmt::format("{}{} is not null", said.empty() ? "" : " or ", name);
    per_record += ", " + latest(trait.name);
    together += fmt::format(", bool_and({0}) as {0}", name);
  }
  if (said.empty()) return "";
  return fmt::format(
      " left join (select customer_id{} from (select customer_id, record_id{} from {} where {} group by all) "
      "group by customer_id) c using (customer_id)",
      together, per_record, from.ranked, said);
}

// The columns of the golden row that versions give, each from the relation in front of it.
std::string golden_columns(const std::vector<store::Column>& traits, const std::string& values,
                           const std::string& consents) {
  std::string columns;
  for (const char* name : {"city", "country", "gender", "acquisition_channel"})
    columns += fmt::format(", {}.{}", values, name);
  for (const store::Column& trait : traits)
    columns += fmt::format(", {}.{}", is_consent(trait.name) ? consents : values, quote_name(trait.name));
  return columns;
}

std::string golden_select(const std::vector<store::Column>& traits, const GoldenSource& from) {
  std::string values;
  for (const char* name : {"city", "country", "gender", "acquisition_channel"}) values += ", " + latest(name);
  for (const store::Column& trait : traits) {
    if (!is_consent(trait.name)) values += ", " + latest(trait.name);
  }
  return fmt::format(
      "select x.customer_id, x.customer_since, coalesce(r.records, 0) as records{} from {} x "
      "left join (select customer_id{} from {} group by customer_id) g using (customer_id) "
      "left join (select i.customer_id, count(*) as records from main.identity i{} join main.records k using "
      "(record_id) "
      "where k.first_known_at < $as_of::timestamp group by i.customer_id) r using (customer_id){}",
      golden_columns(traits, "g", "c"), from.existing, values, from.ranked, from.restriction,
      consents_sql(traits, from));
}

constexpr std::string_view kOfTouched = " semi join touched using (customer_id)";

std::string golden_sql(const std::vector<store::Column>& traits, Golden golden) {
  const std::string all = "ranked as not materialized " + ranked("versions", "time", "seq");
  if (golden == Golden::kOfAll)
    return fmt::format("{},\ngolden as ({})", all, golden_select(traits, {"existing", "ranked", ""}));
  return fmt::format(
      "{0},\ntouched_ranked as not materialized (from ranked{1}),\ntouched_existing as not materialized (from "
      "existing{1})"
      ",\ngolden as ({2} union all select x.customer_id, x.customer_since, f.records{3} from existing x "
      "anti join touched using (customer_id) join former_customers f using (customer_id))",
      all, kOfTouched, golden_select(traits, {"touched_existing", "touched_ranked", std::string(kOfTouched)}),
      golden_columns(traits, "f", "f"));
}

std::string column_list(const expr::AttributeSet& set, const std::string& alias) {
  std::string list;
  for (const store::Column& column : set.columns) list += fmt::format(", {}.{}", alias, quote_name(column.name));
  return list;
}

}  // namespace

std::string flat_table_sql(const store::LogColumns& columns, const expr::AttributeProgram& program, Scans scans,
                           Golden golden) {
  std::string sql = std::string(kFrame) + ",\n" + golden_sql(columns.traits, golden);
  std::string select = "g.*";
  std::string joins;
  int number = 0;
  for (const expr::AttributeSet& set : program.sets) {
    if (set.from == "customers") continue;
    const std::string alias = fmt::format("a{}", number++);
    sql += fmt::format(",\n{} as ({})", quote_name("set " + alias),
                       scans == Scans::kFolded && !set.folds.empty() ? set.folded_sql : set.sql);
    select += column_list(set, alias);
    joins += fmt::format(" join {} {} using (customer_id)", quote_name("set " + alias), alias);
  }
  sql += fmt::format(",\n\"flat 0\" as (select {} from golden g{})", select, joins);
  int level = 0;
  for (const expr::AttributeSet& set : program.sets) {
    if (set.from != "customers") continue;
    sql += fmt::format(
        ",\n\"flat {1}\" as (select f.*{2} from \"flat {0}\" f join (with customers as (select * from \"flat {0}\") "
        "select * from ({3})) p using (customer_id))",
        level, level + 1, column_list(set, "p"), set.sql);
    ++level;
  }
  return sql + fmt::format("\nselect * from \"flat {}\" order by customer_id", level);
}

std::string for_few_columns(std::string flat_table_sql) {
  // The engine computes a named subquery once and whole, unless told otherwise. Sets over all customers read "flat 0"
  // more than once: there it is left as it is.
  const bool has_levels = flat_table_sql.find("\"flat 1\"") != std::string::npos;
  std::vector<std::string> names = {"golden"};
  for (int number = 0; flat_table_sql.contains(fmt::format("\"set a{}\" as (", number)); ++number)
    names.push_back(fmt::format("\"set a{}\"", number));
  if (!has_levels) names.emplace_back("\"flat 0\"");
  for (const std::string& name : names) {
    const std::string head = name + " as (";
    if (const std::size_t at = flat_table_sql.find(head); at != std::string::npos)
      flat_table_sql.replace(at, head.size(), name + " as not materialized (");
  }
  return flat_table_sql;
}

std::string contact_table_sql(Golden golden) {
  std::string values;
  for (const char* name :
       {"full_name", "given_name", "family_name", "email", "phone", "address", "postcode", "birth_date"}) {
    values += ", " + latest(name);
  }
  return fmt::format(
      "select x.customer_id{} from customer_spans x{} join identity i on i.customer_id = x.customer_id "
      "left join {} v on v.record_id = i.record_id and v.valid_from < $as_of::timestamp "
      "where x.exists_from < $as_of::timestamp and $day::date is not null group by x.customer_id order by "
      "x.customer_id",
      values, golden == Golden::kOfTouched ? kOfTouched : "", ranked("contact.versions", "valid_from", "version"));
}

store::WallTime end_of(Date day) {
  constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
  return {(day.days + std::int64_t{1}) * kMicrosPerDay};
}

store::Parameters day_parameters(Date day) { return {{"day", day}, {"as_of", end_of(day)}}; }

}  // namespace hilo::timeline
