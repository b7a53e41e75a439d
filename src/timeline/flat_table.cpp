#include "timeline/flat_table.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <ranges>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/tokens.h"
#include "model/column.h"

namespace hilo::timeline {
namespace {

using store::quote_name;

constexpr const char* kSince = "customer_since";

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

// What of the golden row is asked for.
struct GoldenColumns {
  bool records = true;
  std::vector<std::string> said;  // by versions, in order
};

// The columns of a query, each aggregated, of those that do or do not hold a consent.
std::string latest_of(const std::vector<std::string>& columns, bool consents) {
  std::string list;
  for (const std::string& column : columns) {
    if (is_consent(column) == consents) list += ", " + latest(column);
  }
  return list;
}

// Consent never widens by a merge: each record's latest word, and a no of any of them is a no. Most versions say
// nothing of it. Returns the join that brings it; "" where none is asked for.
std::string consents_join(const GoldenColumns& columns, const GoldenSource& from) {
  std::string said;
  std::string together;
  for (const std::string& column : columns.said) {
    if (!is_consent(column)) continue;
    const std::string name = quote_name(column);
    said += fmt::format("{}{} is not null", said.empty() ? "" : " or ", name);
    together += fmt::format(", bool_and({0}) as {0}", name);
  }
  if (said.empty()) return "";
  return fmt::format(
      " left join (select customer_id{} from (select customer_id, record_id{} from {} where {} group by all) "
      "group by customer_id) c using (customer_id)",
      together, latest_of(columns.said, true), from.ranked, said);
}

std::string values_join(const GoldenColumns& columns, const GoldenSource& from) {
  const std::string values = latest_of(columns.said, false);
  if (values.empty()) return "";
  return fmt::format(" left join (select customer_id{} from {} group by customer_id) g using (customer_id)", values,
                     from.ranked);
}

std::string records_join(const GoldenColumns& columns, const GoldenSource& from) {
  if (!columns.records) return "";
  return fmt::format(
      " left join (select i.customer_id, count(*) as records from main.identity i{} join main.records k using "
      "(record_id) where k.first_known_at < $as_of::timestamp group by i.customer_id) r using (customer_id)",
      from.restriction);
}

// The columns of the golden row that versions give, each from the relation in front of it.
std::string said_columns(const GoldenColumns& columns, const std::string& values, const std::string& consents) {
  std::string list;
  for (const std::string& column : columns.said)
    list += fmt::format(", {}.{}", is_consent(column) ? consents : values, quote_name(column));
  return list;
}

std::string golden_select(const GoldenColumns& columns, const GoldenSource& from) {
  return fmt::format("select x.customer_id, x.customer_since{}{} from {} x{}{}{}",
                     columns.records ? ", coalesce(r.records, 0) as records" : "", said_columns(columns, "g", "c"),
                     from.existing, values_join(columns, from), records_join(columns, from),
                     consents_join(columns, from));
}

constexpr std::string_view kOfTouched = " semi join touched using (customer_id)";

// Named subqueries, the last of which is `golden`.
std::string golden_sql(const GoldenColumns& columns, Golden golden) {
  const std::string all = "ranked as not materialized " + ranked("versions", "time", "seq");
  if (golden == Golden::kOfAll)
    return fmt::format("{},\ngolden as ({})", all, golden_select(columns, {"existing", "ranked", ""}));
  return fmt::format(
      "{0},\ntouched_ranked as not materialized (from ranked{1}),\ntouched_existing as not materialized (from "
      "existing{1})"
      ",\ngolden as ({2} union all select x.customer_id, x.customer_since, f.records{3} from existing x "
      "anti join touched using (customer_id) join former_customers f using (customer_id))",
      all, kOfTouched, golden_select(columns, {"touched_existing", "touched_ranked", std::string(kOfTouched)}),
      said_columns(columns, "f", "f"));
}

std::string column_list(const expr::AttributeSet& set, const std::string& alias) {
  std::string list;
  for (const store::Column& column : set.columns) list += fmt::format(", {}.{}", alias, quote_name(column.name));
  return list;
}

// Whether all rows that a set reads are folded. Then nothing has to be joined by customer.
bool is_folded_whole(const expr::AttributeSet& set) {
  return !set.folds.empty() && set.folds.size() == set.folded.sources.size();
}

// Sets over one customer's rows, each as a named subquery, and what joins them to the golden rows `g`.
struct SetsJoined {
  std::string named;
  std::string columns;
  std::string joins;
};

// `sql_of` gives a set's query, "" for one that is not joined.
template <class Query>
SetsJoined join_sets(const FlatTable& table, const Query& sql_of) {
  SetsJoined sets;
  int number = 0;
  for (const expr::AttributeSet& set : table.program.sets) {
    if (is_population(set)) continue;
    const std::string alias = fmt::format("a{}", number++);
    if (const std::string sql = sql_of(set); !sql.empty()) {
      sets.named += fmt::format(",\n{} as ({})", quote_name("set " + alias), sql);
      sets.joins += fmt::format(" join {} {} using (customer_id)", quote_name("set " + alias), alias);
      sets.columns += column_list(set, alias);
    }
  }
  return sets;
}

// The columns of `g`, which has the golden row and the attributes folded, and of the sets joined to it, in the order of
// their definitions.
std::string in_order(const FlatTable& table, const SetsJoined& sets) {
  if (sets.joins.empty()) return "g.*";
  std::string folded;
  std::string list;
  for (const expr::AttributeSet& set : table.program.sets) {
    if (is_population(set)) continue;
    for (const store::Column& column : set.columns) {
      const std::string name = quote_name(column.name);
      if (is_folded_whole(set)) folded += (folded.empty() ? "" : ", ") + name;
      list += ", " + name;
    }
  }
  return (folded.empty() ? "g.*" : fmt::format("g.* exclude ({})", folded)) + list;
}

// Sets over all customers, each over the table so far, which `flat 0` begins; then the columns asked for.
std::string with_populations(const FlatTable& table, const std::vector<std::string>& columns) {
  std::string sql;
  int level = 0;
  for (const expr::AttributeSet& set : table.program.sets) {
    if (!is_population(set)) continue;
    sql += fmt::format(
        ",\n\"flat {1}\" as (select f.*{2} from \"flat {0}\" f join (with customers as (select * from \"flat {0}\") "
        "select * from ({3})) p using (customer_id))",
        level, level + 1, column_list(set, "p"), set.sql);
    ++level;
  }
  std::string list;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + quote_name(column);
  return sql + fmt::format("\nselect {} from \"flat {}\"", list.empty() ? "*" : list, level);
}

// What of the golden row a query needs: a set over all customers may read any of it.
GoldenColumns golden_columns(const FlatTable& table, const std::vector<std::string>& wanted) {
  const bool whole = wanted.empty() || std::ranges::any_of(table.program.sets, is_population);
  const auto is_wanted = [&](const std::string& name) {
    return whole || std::ranges::find(wanted, lower_ascii(name), lower_ascii) != wanted.end();
  };
  GoldenColumns columns{.records = is_wanted("records"), .said = {}};
  for (const char* name : {"city", "country", "gender", "acquisition_channel"}) {
    if (is_wanted(name)) columns.said.emplace_back(name);
  }
  for (const std::string& trait : table.traits) {
    if (is_wanted(trait)) columns.said.push_back(trait);
  }
  return columns;
}

// A set that no fold does is kept whole, but for other days that nothing needs.
expr::AttributeSet part_of_set(const expr::AttributeSet& set, const std::set<std::string>& needed) {
  if (!set.folds.empty()) return expr::part_of(set, needed);
  const bool is_past = std::ranges::any_of(set.columns, [&](const store::Column& column) {
    const std::string name = lower_ascii(column.name);
    return needed.contains(name) && std::ranges::find(set.now, name) == set.now.end();
  });
  return is_past ? set : expr::without_past(set);
}

// The flat table, or the columns asked for. The tables of other days are made within it.
std::string whole_sql(const FlatTable& table, const std::vector<std::string>& columns) {
  std::string sql = std::string(kFrame);
  for (const OtherDay& other : other_days(table)) {
    const std::string of_day =
        expr::with_day_from(whole_sql(part_of(without_past(table), other.columns), other.columns), other.day,
                            fmt::format("({} + 1)::timestamp", other.day));
    sql += fmt::format(",\n{} as ({} where {} <= $day::date)", quote_name(expr::past_relation(other.day)),
                       other_day_sql(other, fmt::format("({}) of_day", of_day)), other.day);
  }
  sql += ",\n" + golden_sql(golden_columns(table, columns), Golden::kOfAll);
  const SetsJoined sets = join_sets(table, [](const expr::AttributeSet& set) { return set.sql; });
  return fmt::format("{}{},\n\"flat 0\" as (select g.*{} from golden g{}){}\norder by customer_id", sql, sets.named,
                     sets.columns, sets.joins, with_populations(table, columns));
}

}  // namespace

bool is_population(const expr::AttributeSet& set) { return set.from == "customers"; }

FlatTable part_of(const FlatTable& table, const std::vector<std::string>& columns) {
  std::set<std::string> needed;
  for (const std::string& column : columns) needed.insert(lower_ascii(column));
  FlatTable part{.traits = table.traits, .program = {}};
  std::vector<expr::AttributeSet>& kept = part.program.sets;
  // A set reads attributes of sets before it.
  for (const expr::AttributeSet& set : std::views::reverse(table.program.sets)) {
    if (std::ranges::none_of(set.columns,
                             [&](const store::Column& column) { return needed.contains(lower_ascii(column.name)); }))
      continue;
    for (const std::string& attribute : set.depends_on) needed.insert(lower_ascii(attribute));
    kept.insert(kept.begin(), part_of_set(set, needed));
  }
  return part;
}

std::vector<OtherDay> other_days(const FlatTable& table) {
  std::map<std::string, std::set<std::string>> columns;
  for (const expr::AttributeSet& set : table.program.sets) {
    for (const expr::PastTable& past : set.past) columns[past.day].insert(past.columns.begin(), past.columns.end());
  }
  std::vector<OtherDay> days;
  for (const auto& [day, names] : columns) {
    days.push_back({.day = day, .columns = {"customer_id"}});
    std::ranges::copy(names, std::back_inserter(days.back().columns));
  }
  return days;
}

FlatTable without_past(const FlatTable& table) {
  FlatTable now{.traits = table.traits, .program = {}};
  for (const expr::AttributeSet& set : table.program.sets) now.program.sets.push_back(expr::without_past(set));
  return now;
}

std::string other_day_sql(const OtherDay& other, const std::string& from) {
  std::string list = "customer_id";
  for (const std::string& column : other.columns | std::views::drop(1))
    list += fmt::format(", {} as {}", quote_name(column), quote_name(expr::past_column(column)));
  return fmt::format("select {} from {}", list, from);
}

std::string flat_table_sql(const FlatTable& table) { return whole_sql(table, {}); }

std::string golden_rows_sql(const FlatTable& table, Golden golden, const std::vector<std::string>& columns) {
  return fmt::format("{},\n{}\nselect * from golden order by customer_id", kFrame,
                     golden_sql(golden_columns(table, columns), golden));
}

std::string golden_rows_at_sql(const std::string& times, const std::vector<std::string>& columns) {
  GoldenColumns wanted{.records = false, .said = columns};
  std::erase(wanted.said, kSince);
  return fmt::format(
      "with existing as not materialized (select _number as customer_id, customer_since from {0}),\n"
      "versions as not materialized (select _v.* replace (_t._number as customer_id) from main.versions _v join {0} _t "
      "on _t.customer_id = _v.customer_id and _v.time < _t._as_of),\n{1}\nselect * from golden",
      times, golden_sql(wanted, Golden::kOfAll));
}

std::vector<std::string> golden_columns_over_time(const FlatTable& table) {
  std::vector<std::string> columns = golden_columns(table, {}).said;
  columns.emplace_back(kSince);
  return columns;
}

std::string folded_table_sql(const FlatTable& table, const std::vector<std::string>& columns) {
  std::string items;
  std::string sources;
  for (const expr::AttributeSet& set : table.program.sets) {
    if (!is_folded_whole(set)) continue;
    for (const expr::FoldedSet::Item& item : set.folded.items) items += ", " + item.sql;
    for (const expr::FoldedSet::Source& source : set.folded.sources) sources += " positional join " + source.sql;
  }
  const SetsJoined sets = join_sets(table, [](const expr::AttributeSet& set) {
    if (is_folded_whole(set)) return std::string();
    return set.folded.items.empty() ? set.sql : expr::folded_sql(set);
  });
  // What stands side by side is read by one thread, and written by it. Many columns are worth the sort, whose result
  // all threads read.
  constexpr std::size_t kFewColumns = 16;
  const bool keeps_order = !columns.empty() && columns.size() <= kFewColumns && sets.joins.empty() &&
                           std::ranges::none_of(table.program.sets, is_population);
  return fmt::format(
      "{},\nfolded as not materialized (select golden.*{} from temp.golden as golden{}){},\n\"flat 0\" as {}(select "
      "{} from folded g{}){}{}",
      kFrame, items, sources, sets.named, keeps_order ? "not materialized " : "", in_order(table, sets), sets.joins,
      with_populations(table, columns), keeps_order ? "" : "\norder by customer_id");
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
