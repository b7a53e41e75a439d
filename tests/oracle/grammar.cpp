#include "oracle/grammar.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::oracle {

std::string Grammar::definition(const std::string& prefix) {
  const int number = values_ == Values::kExtreme ? 1 : 2 + dice_.below(6);
  const std::string from = relation(dice_.of({"events", "events", "items", "versions"}));
  std::vector<std::string> items;
  for (int at = 0; at < number; ++at) items.push_back(fmt::format("{} as {}_{}", aggregate(), prefix, at));
  std::string text = fmt::format("select {} from {}", join(items, ", "), from);
  if (dice_.one_in(3)) text += " where " + condition(2);
  return text;
}

// A table, or a subquery with windows over it.
std::string Grammar::relation(const std::string& table) {
  moments_ = {"time", "ends"};
  if (values_ == Values::kExtreme || dice_.one_in(2)) return table;
  const std::string order = table == "items" ? "time_utc, seq, line" : "time_utc, seq";
  const std::string text = fmt::format(
      "(select *, lag(time) over ({1}order by {0}) as before_at, {2}(case when {3} then {4} end) over (order by {0}) "
      "as "
      "so_far from {5}{6})",
      order, dice_.of({"", "partition by type ", "partition by channel "}), dice_.of({"max", "min"}), condition(1),
      dice_.of({"time", "amount", "visits"}), table, dice_.one_in(2) ? " where " + condition(1) : "");
  moments_ = {"time", "before_at", "ends"};
  return text;
}

std::string Grammar::aggregate() {
  const std::string filter =
      values_ == Values::kExtreme || dice_.one_in(3) ? "" : fmt::format(" filter (where {})", condition(2));
  switch (dice_.below(10)) {
    case 0: return "count(*)" + filter;
    case 1: return fmt::format("count({})", any()) + filter;
    case 2: return fmt::format("count(distinct {})", ranked()) + filter;
    case 3:
    case 4: return fmt::format("{}({})", dice_.of({"sum", "avg"}), dice_.one_in(2) ? decimal(2) : whole(2)) + filter;
    case 5: return fmt::format("{}({})", dice_.of({"min", "max"}), ranked()) + filter;
    case 6: return fmt::format("{}({})", dice_.of({"first", "last"}), any()) + filter;
    case 7: return fmt::format("mode({})", ranked()) + filter;
    case 8: return fmt::format("median({})", whole(1)) + filter;
    default: return fmt::format("{}({})", dice_.of({"bool_and", "bool_or"}), condition(1)) + filter;
  }
}

std::string Grammar::any() { return dice_.of({"rating", "flag", "points", ranked(), ranked(), decimal(1), whole(1)}); }

std::string Grammar::ranked() {
  return dice_.of({"type", "channel", "amount", "share", "points", "visits", moment(), date()});
}

std::string Grammar::date() { return dice_.of({"due", moment() + "::date"}); }

std::string Grammar::whole(int depth) {
  if (depth == 0) return "visits";
  switch (dice_.below(3)) {
    case 0: return fmt::format("visits {} visits", dice_.of({"+", "-", "*"}));
    case 1: return fmt::format("case when {} then visits else {} end", condition(depth - 1), whole(depth - 1));
    default: return fmt::format("date_diff('day', {}, {})", moment(), dice_.of({moment(), "$day", "due"}));
  }
}

std::string Grammar::decimal(int depth) {
  if (depth == 0) return dice_.of({"amount", "cost"});
  switch (dice_.below(4)) {
    case 0: return fmt::format("amount {} cost", dice_.of({"+", "-", "*"}));
    case 1: return fmt::format("amount - cost * {}", dice_.of({"share", "cost"}));
    case 2:
      return fmt::format("case when {} then amount else {} end", condition(depth - 1), dice_.of({"cost", "null"}));
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
    case 0: return fmt::format("type {} 'order'", dice_.of({"=", "<>"}));
    case 1: return fmt::format("channel {} ('web', 'ä')", dice_.of({"in", "not in"}));
    case 2: return fmt::format("{} >= $as_of - interval {} day", moment(), dice_.of({"30", "90"}));
    case 3: return fmt::format("amount {} {}", compare, dice_.of({"1.5", "0", "cost", "99999999999999.9999"}));
    case 4: return fmt::format("points {} {}", compare, dice_.of({"2", "-3"}));
    case 5: return fmt::format("rating {} {}", compare, dice_.of({"0", "0.1", "rating"}));
    case 6: return fmt::format("{} is {}null", any(), dice_.of({"", "not "}));
    case 7: return fmt::format("{} between $as_of - interval 90 day and $as_of - interval 20 day", moment());
    case 8: return fmt::format("{} {} {} - interval {} day", moment(), compare, moment(), dice_.of({"7", "40"}));
    default:
      return dice_.one_in(3) ? "flag" : fmt::format("{}::date {} {}", moment(), compare, dice_.of({"$day", "due"}));
  }
}

}  // namespace hilo::oracle
