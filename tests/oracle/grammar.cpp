#include "oracle/grammar.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::oracle {

std::string Grammar::definition(const std::string& prefix) {
  const int number = is_extreme() ? 1 : 2 + dice_.below(6);
  moments_ = {"time", "ends"};
  wholes_ = {"visits"};
  texts_ = {"type", "channel"};
  const std::string inner = fmt::format("(select {} from {})", aggregate(), dice_.of({"items", "versions"}));
  const std::string from = relation(dice_.of({"events", "events", "items", "versions"}), 2);
  std::vector<std::string> items;
  for (int at = 0; at < number; ++at) items.push_back(fmt::format("{} as {}_{}", aggregate(), prefix, at));
  if (!is_extreme() && dice_.one_in(4)) items.push_back(fmt::format("{} as {}_other", inner, prefix));
  std::string text = fmt::format("select {} from {}", join(items, ", "), from);
  if (!is_extreme() && dice_.one_in(3)) text += " where " + condition(2);
  return text;
}

// A table, or a subquery with windows over one, or over such a subquery.
std::string Grammar::relation(const std::string& table, int depth) {
  if (is_extreme() || depth == 0 || dice_.one_in(2)) return table;
  const std::string below = relation(table, depth - 1);
  std::string items = "*";
  std::vector<std::string> moments = moments_;
  std::vector<std::string> wholes = wholes_;
  std::vector<std::string> texts = texts_;
  for (int number = 0; number < 1 + dice_.below(3); ++number) {
    const std::string name = fmt::format("w{}{}", depth, number);
    switch (dice_.below(5)) {
      case 0:
        items += fmt::format(", row_number() {} as {}", window(table), name);
        wholes.push_back(name);
        break;
      case 1:
        items += fmt::format(", count({}) {} as {}", dice_.of({"*", any()}), window(table), name);
        wholes.push_back(name);
        break;
      case 2:
        items +=
            fmt::format(", {}({}) {} as {}", dice_.of({"lag", "lead", "first_value"}), text(), window(table), name);
        texts.push_back(name);
        break;
      case 3:
        items += fmt::format(", date_diff('{}', lag(time) {}, time) as {}", dice_.of({"day", "month", "hour"}),
                             window(table), name);
        wholes.push_back(name);
        break;
      default:
        items += fmt::format(", {}({}) {} as {}", dice_.of({"lag", "lead", "first_value", "min", "max"}), moment(),
                             window(table), name);
        moments.push_back(name);
    }
  }
  std::string text = fmt::format("(select {} from {}", items, below);
  if (dice_.one_in(2)) text += " where " + condition(1);
  moments_ = moments;
  wholes_ = wholes;
  texts_ = texts;
  if (dice_.one_in(4)) text += fmt::format(" qualify row_number() {} <= 3", window(table));
  return text + ")";
}

std::string Grammar::window(const std::string& table) {
  return fmt::format("over ({}order by time_utc, seq{})",
                     dice_.of({"", "partition by type ", "partition by channel ", "partition by time::date ",
                               "partition by flag ", "partition by date_trunc('month', time) "}),
                     table == "items" ? ", line" : "");
}

std::string Grammar::filter() {
  return is_extreme() || dice_.one_in(3) ? "" : fmt::format(" filter (where {})", condition(2));
}

std::string Grammar::aggregate() {
  switch (dice_.below(10)) {
    case 0: return "count(*)" + filter();
    case 1: return fmt::format("count({})", any()) + filter();
    case 2: return fmt::format("count(distinct {})", any()) + filter();
    case 3:
    case 4:
    case 5: return aggregate_of_number() + filter();
    case 6: return fmt::format("{}({})", dice_.of({"min", "max"}), any()) + filter();
    case 7:
    case 8: return aggregate_of_order() + filter();
    default: return fmt::format("{}({})", dice_.of({"bool_and", "bool_or", "count_if"}), condition(1)) + filter();
  }
}

std::string Grammar::aggregate_of_number() {
  const std::string number = dice_.of({decimal(2), whole(2), real()});
  switch (dice_.below(5)) {
    case 0: return fmt::format("sum({})", number);
    case 1: return fmt::format("avg({})", number);
    case 2:
      return fmt::format("{}({})", dice_.of({"stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop"}),
                         number);
    case 3: return fmt::format("median({})", dice_.of({number, "points", "time", "time::date", "share"}));
    default:
      return fmt::format("{}({}, {})", dice_.of({"quantile_cont", "quantile_disc"}),
                         dice_.of({"visits", "amount", "time"}), dice_.of({"0.25", "0.9", "0.5", "0", "1"}));
  }
}

std::string Grammar::aggregate_of_order() {
  switch (dice_.below(5)) {
    case 0: return fmt::format("{}({})", dice_.of({"first", "last"}), any());
    case 1:
      return fmt::format("{}({} order by {}{})", dice_.of({"first", "last"}), any(), ranked(),
                         dice_.of({"", " desc", " asc"}));
    case 2: return fmt::format("{}({}, {})", dice_.of({"arg_min", "arg_max", "min_by"}), any(), ranked());
    case 3: return fmt::format("mode({})", ranked());
    default: return fmt::format("list(distinct {})", ranked());
  }
}

std::string Grammar::any() { return dice_.of({"flag", "points", real(), ranked(), ranked(), decimal(1), whole(1)}); }

std::string Grammar::ranked() {
  return dice_.of({text(), "amount", "share", "points", "visits", moment(), date(), whole(1)});
}

std::string Grammar::text() {
  std::string plain = dice_.of(texts_);
  switch (dice_.below(8)) {
    case 0: return "lower(channel)";
    case 1: return "channel || '-' || type";
    case 2: return fmt::format("coalesce({}, 'none')", plain);
    case 3: return fmt::format("case when {} then {} else 'other' end", comparison(), plain);
    default: return plain;
  }
}

std::string Grammar::date() {
  switch (dice_.below(6)) {
    case 0: return moment() + "::date";
    case 1: return fmt::format("last_day({})", dice_.of({moment(), "due"}));
    case 2:
      return fmt::format("date_trunc('{}', {})", dice_.of({"year", "quarter", "month", "week", "day"}),
                         dice_.of({moment(), "due"}));
    default: return "due";
  }
}

std::string Grammar::moment() {
  std::string plain = dice_.of(moments_);
  if (is_extreme() || !dice_.one_in(6)) return plain;
  switch (dice_.below(3)) {
    case 0: return fmt::format("date_trunc('{}', {})", dice_.of({"hour", "minute", "second"}), plain);
    case 1:
      return fmt::format("({} {} interval {} {})", plain, dice_.of({"+", "-"}), dice_.of({"1", "13"}),
                         dice_.of({"month", "year", "quarter", "day", "hour"}));
    default: return fmt::format("(due {} interval 1 month)", dice_.of({"+", "-"}));
  }
}

std::string Grammar::real() {
  return dice_.of({"rating", "rating", "rating * 2.5", "visits / 3", "rating + points", "abs(rating)"});
}

std::string Grammar::whole(int depth) {
  if (depth == 0) return dice_.of(wholes_);
  switch (dice_.below(9)) {
    case 0: return fmt::format("visits {} visits", dice_.of({"+", "-", "*"}));
    case 1: return fmt::format("case when {} then visits else {} end", condition(depth - 1), whole(depth - 1));
    case 2:
      return fmt::format("date_diff('{}', {}, {})",
                         dice_.of({"day", "week", "month", "quarter", "year", "hour", "minute", "second"}), moment(),
                         dice_.of({moment(), "$day", "due", "$as_of"}));
    case 3:
      return fmt::format(
          "extract({} from {})",
          dice_.of({"year", "quarter", "month", "week", "day", "hour", "minute", "second", "dow", "isodow", "doy"}),
          dice_.of({moment(), moment(), "due"}));
    case 4: return fmt::format("{}({})", dice_.of({"year", "month", "dayofweek", "day"}), moment());
    case 5: return "points + 1";
    case 6: return "length(channel)";
    default: return dice_.of(wholes_);
  }
}

std::string Grammar::decimal(int depth) {
  if (depth == 0) return dice_.of({"amount", "cost"});
  switch (dice_.below(6)) {
    case 0: return fmt::format("amount {} cost", dice_.of({"+", "-", "*"}));
    case 1: return fmt::format("amount - cost * {}", dice_.of({"share", "cost"}));
    case 2:
      return fmt::format("case when {} then amount else {} end", condition(depth - 1), dice_.of({"cost", "null"}));
    case 3: return "amount * 2";
    case 4: return "abs(amount)";
    default: return "coalesce(amount, cost)";
  }
}

std::string Grammar::condition(int depth) {
  if (depth > 0 && dice_.one_in(2))
    return fmt::format("({} {} {})", condition(depth - 1), dice_.of({"and", "or"}), condition(depth - 1));
  return dice_.one_in(8) ? fmt::format("not ({})", condition(0)) : comparison();
}

std::string Grammar::comparison() {
  const std::string compare = dice_.of({"=", "<>", "<", "<=", ">", ">="});
  switch (dice_.below(10)) {
    case 0:
    case 1: return comparison_of_text();
    case 2:
    case 3:
    case 4: return comparison_of_time();
    case 5:
      return fmt::format("amount {} {}", compare, dice_.of({"1.5", "0", "cost", "99999999999999.9999", "points"}));
    case 6: return fmt::format("points {} {}", compare, dice_.of({"2", "-3", "visits", "rating"}));
    case 7: return fmt::format("rating {} {}", compare, dice_.of({"0", "0.1", "rating", "amount"}));
    case 8:
      return fmt::format("{} is {}null", dice_.of({"amount", "rating", "flag", dice_.of(moments_), dice_.of(texts_)}),
                         dice_.of({"", "not "}));
    default: return dice_.one_in(3) ? "flag" : fmt::format("{} {} 2", dice_.of(wholes_), compare);
  }
}

std::string Grammar::comparison_of_time() {
  const std::string compare = dice_.of({"=", "<>", "<", "<=", ">", ">="});
  const std::string plain = dice_.of(moments_);
  switch (dice_.below(8)) {
    case 0: return fmt::format("{} >= $as_of - interval {} day", plain, dice_.of({"30", "90"}));
    case 1: return fmt::format("{} between $as_of - interval 90 day and $as_of - interval 20 day", plain);
    case 2: return fmt::format("{} {} {} - interval {} day", plain, compare, dice_.of(moments_), dice_.of({"7", "40"}));
    case 3: return fmt::format("{}::date {} {}", plain, compare, dice_.of({"$day", "due"}));
    case 4:
      return fmt::format("{0} >= date_trunc('{1}', $day) - interval 1 {1} and {0} < date_trunc('{1}', $day)", plain,
                         dice_.of({"month", "quarter", "week", "year"}));
    case 5:
      return fmt::format("date_trunc('{0}', {1}) = date_trunc('{0}', $day)", dice_.of({"month", "quarter", "year"}),
                         dice_.of({plain, "due"}));
    case 6: return "date_sub('month', time, $as_of) < 3";  // of the day, and computed as rows are read
    default: return fmt::format("month({}) = month($day)", plain);
  }
}

std::string Grammar::comparison_of_text() {
  switch (dice_.below(7)) {
    case 0: return fmt::format("{} {} 'order'", dice_.of(texts_), dice_.of({"=", "<>"}));
    case 1: return fmt::format("{} {} ('web', 'ä')", dice_.of(texts_), dice_.of({"in", "not in"}));
    case 2: return fmt::format("channel {} '{}'", dice_.of({"like", "ilike", "not like"}), dice_.of({"%e%", "s_o%"}));
    case 3: return "regexp_matches(type, '^(order|ret)')";
    case 4:
      return fmt::format("{} {} {}", dice_.of(texts_), dice_.of({"<", ">=", "=", "<>"}), dice_.of({"type", "'p'"}));
    case 5: return "try_cast(channel as integer) > 3";
    default: return "upper(channel) = 'WEB'";
  }
}

}  // namespace hilo::oracle
