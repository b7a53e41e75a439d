#include "app/attribute_why.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "app/row_places.h"
#include "timeline/flat_table.h"

namespace hilo::app {
namespace {

using store::quote_name;

// One customer's rows before the end of the day, under the names that definitions read. All parameters stand in it,
// whatever the rows' own query uses.
constexpr std::string_view kFrame =
    "with asked as (select $customer_id::bigint as customer_id, $as_of::timestamp as as_of, $day::date as day), "
    "events as (select e.* from main.events e join asked a on e.customer_id = a.customer_id and e.time < a.as_of), "
    "items as (select e.* from main.items e join asked a on e.customer_id = a.customer_id and e.time < a.as_of), "
    "versions as (select e.* from main.versions e join asked a on e.customer_id = a.customer_id and e.time < a.as_of), "
    "counted as ({})";

// How rows are shown, by the table that they are of: the columns before and behind the value that is taken of them, and
// those that rows are found by. What matters most stands first: a narrow terminal leaves out the last ones.
struct Shown {
  std::string keys;
  std::string before;
  std::string behind;
};

Shown shown_of(const std::string& table) {
  if (table == "items") {
    return {"seq, line", ", r.type, r.channel, r.amount, r.sku, r.quantity", ", r.source, r.order_id as reference"};
  }
  if (table == "versions") return {"seq", "", ", r.source"};
  return {"seq", ", r.type, r.channel, r.amount",
          ", r.sku, r.source, coalesce(r.order_id, r.event_id, r.campaign_id) as reference"};
}

class Explainer {
 public:
  Explainer(AttributeDesk& desk, Reader& reader, std::int64_t customer_id, Date day, std::int64_t rows_max)
      : desk_(desk), reader_(reader), rows_max_(rows_max), parameters_(timeline::day_parameters(day)) {
    why_.customer_id = customer_id;
    why_.day = day;
    parameters_.push_back({"customer_id", customer_id});
  }

  Result<AttributeWhy> run(const Attribute& attribute) {
    gather(attribute);
    HILO_TRY(read_values());
    for (WhyStep& step : why_.steps) {
      // What a value over all customers reads has its own answer.
      if (&step != &why_.steps.front() && attribute.from == "customers") continue;
      for (const expr::CountedRows& rows : step.attribute->parts.counted) {
        HILO_ASSIGN(CountedView view, view_of(rows));
        step.counted.push_back(std::move(view));
      }
    }
    return std::move(why_);
  }

 private:
  void gather(const Attribute& attribute) {
    const bool known =
        std::ranges::any_of(why_.steps, [&](const WhyStep& step) { return step.attribute == &attribute; });
    if (known) return;
    why_.steps.push_back({.attribute = &attribute, .value = {}, .counted = {}});
    const bool over_all = attribute.from == "customers" && why_.steps.size() > 1;
    if (over_all) return;
    for (const std::string& name : attribute.parts.uses) {
      if (const Attribute* used = desk_.find(name).value_or(nullptr)) gather(*used);
    }
  }

  Status read_values() {
    std::vector<std::string> names;
    std::string list;
    for (const WhyStep& step : why_.steps) {
      names.push_back(step.attribute->name);
      list += (list.empty() ? "" : ", ") + quote_name(step.attribute->name);
    }
    HILO_ASSIGN(const std::string flat, desk_.flat_table(why_.day, names));
    HILO_ASSIGN(
        const TextTable table,
        query_table(reader_.connection(), fmt::format("select {} from {} where customer_id = $customer_id", list, flat),
                    {{"customer_id", why_.customer_id}}));
    if (table.rows.empty()) return not_yet();
    for (std::size_t at = 0; at < why_.steps.size(); ++at) why_.steps[at].value = table.rows.front()[at];
    return {};
  }

  Status not_yet() {
    HILO_ASSIGN(const auto since, reader_.connection().query_text(
                                      "select exists_from::date::varchar from customer_spans where customer_id = $id",
                                      {{"id", why_.customer_id}}));
    return fail(ErrorCode::kNotFound,
                fmt::format("customer {} does not exist yet on {}", why_.customer_id, to_string(why_.day)),
                since ? fmt::format("Known since {}.", *since) : "");
  }

  Result<CountedView> view_of(const expr::CountedRows& rows) {
    CountedView view{.aggregate = rows.text, .table = rows.table, .where = rows.where, .argument = rows.argument};
    const std::string frame = fmt::format(kFrame, rows.rows_sql);
    HILO_ASSIGN(const std::vector<store::Column> columns,
                reader_.connection().describe(frame + " select c.* from counted c, asked"));
    const auto has = [&](std::string_view name) {
      return std::ranges::any_of(columns, [&](const store::Column& column) { return column.name == name; });
    };
    view.has_place = has("seq") && (rows.table != "items" || has("line"));
    if (!view.has_place) {
      HILO_ASSIGN(view.rows, query_table(reader_.connection(),
                                         frame + " select c.* exclude (customer_id) from counted c, asked order by all",
                                         parameters_, rows_max_));
      view.count = static_cast<std::int64_t>(view.rows.rows.size()) + view.rows.rows_left_out;
      if (has("_counted") && !has("value")) rename(view.rows, "_counted", "value");
      return view;
    }
    HILO_ASSIGN(view.rows, rows_with_keys(frame, rows, has("_counted")));
    HILO_ASSIGN(view.count,
                reader_.connection().query_integer(frame + " select count(*) from counted, asked", parameters_));
    view.rows.rows_left_out = view.count - static_cast<std::int64_t>(view.rows.rows.size());
    HILO_TRY(add_places(view.rows));
    return view;
  }

  static void rename(TextTable& table, std::string_view from, std::string to) {
    const auto column = std::ranges::find(table.columns, from, &store::Column::name);
    if (column != table.columns.end()) column->name = std::move(to);
  }

  // The latest rows that count, newest first, and the one that decides wherever it stands; the last column is `seq`.
  Result<TextTable> rows_with_keys(const std::string& frame, const expr::CountedRows& rows, bool has_value) {
    const Shown shown = shown_of(rows.table);
    const std::string order = rows.table == "items" ? "r.time_utc desc, c.seq desc, c.line" : "r.time_utc desc, c.seq";
    std::string columns = "strftime(r.time, '%Y-%m-%d %H:%M:%S') as time";
    std::string sql = frame;
    std::string decider;
    std::string kept = fmt::format("row_number() over (order by {} desc) <= {}", order, rows_max_);
    if (!rows.decider_sql.empty()) {
      sql += fmt::format(", decider as ({})", rows.decider_sql);
      columns += ", d.seq is not null as decides";
      decider = fmt::format(" left join decider d using ({})", shown.keys);
      kept += " or d.seq is not null";
    }
    columns += shown.before + (has_value ? ", c._counted as value" : "") + shown.behind;
    return query_table(
        reader_.connection(),
        fmt::format("{} select {}, c.seq from counted c join {} r using ({}){}, asked{} order by {} desc", sql, columns,
                    rows.table, shown.keys, decider, rows_max_ == 0 ? "" : " qualify " + kept, order),
        parameters_);
  }

  // The last column, the number of the row in the log, becomes the place that it came from.
  Status add_places(TextTable& table) const {
    const auto number = [](const std::optional<std::string>& cell) {
      std::int64_t row = 0;
      if (cell) static_cast<void>(std::from_chars(cell->data(), cell->data() + cell->size(), row));
      return row;
    };
    std::vector<std::int64_t> numbers;
    for (const TextRow& row : table.rows) numbers.push_back(number(row.back()));
    HILO_ASSIGN(const auto places, places_of(desk_.log(), numbers));
    table.columns.back() = {"place", "VARCHAR"};
    for (TextRow& row : table.rows) {
      const auto place = places.find(number(row.back()));
      row.back() = place == places.end() ? std::nullopt : std::optional(place->second.text());
    }
    return {};
  }

  AttributeDesk& desk_;
  Reader& reader_;
  std::int64_t rows_max_;
  store::Parameters parameters_;
  AttributeWhy why_;
};

}  // namespace

Result<AttributeWhy> explain(AttributeDesk& desk, const Attribute& attribute, std::int64_t customer_id, Date day,
                             std::int64_t rows_max) {
  HILO_ASSIGN(Reader * reader, desk.published());
  return Explainer(desk, *reader, customer_id, day, rows_max).run(attribute);
}

}  // namespace hilo::app
