#include "expr/fold/calendar_steps.h"

#include <map>
#include <optional>
#include <string>

#include "base/text.h"

namespace hilo::expr {
namespace {

using Unit = CalendarUnit;

const SqlType kBigint{SqlKind::kInteger, 64};

std::optional<Unit> unit_of(const std::string& name) {
  static const std::map<std::string, Unit> kUnits = {
      {"year", Unit::kYear},          {"quarter", Unit::kQuarter}, {"month", Unit::kMonth},
      {"week", Unit::kWeek},          {"weekofyear", Unit::kWeek}, {"day", Unit::kDay},
      {"dayofmonth", Unit::kDay},     {"hour", Unit::kHour},       {"minute", Unit::kMinute},
      {"second", Unit::kSecond},      {"dow", Unit::kDayOfWeek},   {"dayofweek", Unit::kDayOfWeek},
      {"weekday", Unit::kDayOfWeek},  {"doy", Unit::kDayOfYear},   {"dayofyear", Unit::kDayOfYear},
      {"isodow", Unit::kIsoDayOfWeek}};
  const auto found = kUnits.find(name);
  return found == kUnits.end() ? std::nullopt : std::optional(found->second);
}

bool is_period(Unit unit) { return unit <= Unit::kDay; }
bool is_clock(Unit unit) { return unit >= Unit::kHour && unit <= Unit::kSecond; }

class CalendarSteps {
 public:
  CalendarSteps(FoldSteps& steps, const std::function<int(const Json&)>& value) : steps_(steps), value_(value) {}

  int truncate(Unit unit, const Json& of) {
    const int value = value_(of);
    if (value == kOutside) return kOutside;
    if (is_period(unit)) {
      const int day = steps_.day_of(value);
      return unit == Unit::kDay ? day : of_day(FoldOp::kPeriodOf, unit, day, {SqlKind::kDate});
    }
    if (!is_clock(unit)) return kOutside;
    static const std::map<Unit, std::int64_t> kMicros = {
        {Unit::kHour, 3'600'000'000}, {Unit::kMinute, 60'000'000}, {Unit::kSecond, 1'000'000}};
    const int moment = steps_.moment_of(value);
    return steps_.add({.op = FoldOp::kTruncate, .inputs = {moment}, .number = kMicros.at(unit)}, {SqlKind::kMoment});
  }

  int part(Unit unit, const Json& of) {
    const int moment = steps_.moment_of(value_(of));
    return of_day(FoldOp::kPartOf, unit, moment, kBigint);
  }

  int last_day(const Json& of) {
    return of_day(FoldOp::kLastDay, Unit::kMonth, steps_.day_of(value_(of)), {SqlKind::kDate});
  }

  int between(Unit unit, const Json& from, const Json& to) {
    if (unit == Unit::kDay) return steps_.days_between(value_(from), value_(to));
    if (unit > Unit::kSecond) return kOutside;
    return steps_.add({.op = FoldOp::kUnitsBetween,
                       .inputs = {steps_.moment_of(value_(from)), steps_.moment_of(value_(to))},
                       .number = static_cast<std::int64_t>(unit)},
                      kBigint);
  }

 private:
  int of_day(FoldOp op, Unit unit, int value, const SqlType& type) {
    return steps_.add({.op = op, .inputs = {value}, .number = static_cast<std::int64_t>(unit)}, type);
  }

  FoldSteps& steps_;
  const std::function<int(const Json&)>& value_;
};

}  // namespace

int calendar_step(const Json& node, FoldSteps& steps, const std::function<int(const Json&)>& value) {
  const std::string name = function_name(node);
  const Json& children = node.at("children");
  CalendarSteps calendar(steps, value);
  if (children.size() == 1) {
    if (name == "last_day") return calendar.last_day(children.at(0));
    const auto unit = unit_of(name);
    return unit ? calendar.part(*unit, children.at(0)) : kOutside;
  }
  const auto text = children.empty() ? std::nullopt : text_literal(children.at(0));
  const auto unit = text ? unit_of(lower_ascii(*text)) : std::nullopt;
  if (!unit) return kOutside;
  if (children.size() == 2 && (name == "date_trunc" || name == "datetrunc"))
    return calendar.truncate(*unit, children.at(1));
  if (children.size() == 2 && (name == "date_part" || name == "datepart")) return calendar.part(*unit, children.at(1));
  if (children.size() == 3 && (name == "date_diff" || name == "datediff"))
    return calendar.between(*unit, children.at(1), children.at(2));
  return kOutside;
}

}  // namespace hilo::expr
