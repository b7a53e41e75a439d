#include "expr/rule_words.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/segment_use.h"

namespace hilo::expr {
namespace {

class Speaker {
 public:
  Speaker(std::string_view table, store::Connection& scratch) : table_(table), scratch_(scratch) {}

  // A condition as a sentence; `inside` = beside others, so that what holds several stands in brackets.
  std::string condition(const Json& node, bool inside = false) {
    const std::string_view kind = class_of(node);
    if (kind == "CONJUNCTION") return conjunction(node, inside);
    if (kind == "COMPARISON") return comparison(node);
    if (kind == "BETWEEN") {
      if (const auto told = recent(node)) return *told;
      return fmt::format("{} is between {} and {}", value(node.at("input")), value(node.at("lower")),
                         value(node.at("upper")));
    }
    if (kind == "OPERATOR") return operation(node);
    if (is_segment_use(node)) return membership(node, true);
    if (kind == "COLUMN_REF") return value(node) + " is true";
    if (const auto told = text_condition(node)) return *told;
    return sql(node);
  }

 private:
  std::string membership(const Json& call, bool holds) {
    const std::string segment = value(call.at("children").at(0));
    const std::string_view no = holds ? "" : "not ";
    const Membership kind = read_segment_use(call).kind;
    if (kind == Membership::kIn) return fmt::format("is {}in the segment {}", no, segment);
    const Json& when = call.at("children").at(1);
    if (kind == Membership::kInOnDay) return fmt::format("was {}in the segment {} {}", no, segment, day_of(when));
    const std::string length = length_of(when);
    return fmt::format("{} {} the segment {} {}", holds ? "has" : "has not",
                       kind == Membership::kEntered ? "entered" : "left", segment,
                       length.empty() ? "within " + sql(when) : "in the last " + length);
  }

  // Another day: `$as_of - interval 30 day` is the 30th before the one asked about.
  std::string day_of(const Json& node) {
    const auto moment = moment_of(node);
    if (moment && moment->before) return moment->length + " before";
    return "on " + sql(node);
  }

  // What asks for a pattern or a part of a text.
  std::optional<std::string> text_condition(const Json& node) {
    static const std::map<std::string, std::pair<std::string_view, std::string_view>, std::less<>> kWords = {
        {"~~", {"is like", ""}},
        {"!~~", {"is not like", ""}},
        {"~~*", {"is like", ", in upper or lower case"}},
        {"!~~*", {"is not like", ", in upper or lower case"}},
        {"starts_with", {"starts with", ""}},
        {"prefix", {"starts with", ""}},
        {"^@", {"starts with", ""}},
        {"ends_with", {"ends with", ""}},
        {"suffix", {"ends with", ""}},
        {"contains", {"contains", ""}},
    };
    const auto words = kWords.find(function_name(node));
    if (words == kWords.end() || node.at("children").size() != 2) return std::nullopt;
    return fmt::format("{} {} {}{}", value(node.at("children").at(0)), words->second.first,
                       value(node.at("children").at(1)), words->second.second);
  }

  // A moment that a parameter and an interval give: `$as_of - interval 90 day`.
  struct Moment {
    const Json* parameter;
    bool before;
    std::string length;  ///< "90 days"
  };

  static std::optional<Moment> moment_of(const Json& node) {
    const bool before = is_function(node, "-");
    if ((!before && !is_function(node, "+")) || node.at("children").size() != 2) return std::nullopt;
    const Json& day = node.at("children").at(0);
    const std::string length = length_of(node.at("children").at(1));
    if (class_of(day) != "PARAMETER" || length.empty()) return std::nullopt;
    return Moment{&day, before, length};
  }

  // An interval in words; "" = it is none, or not of a whole number.
  static std::string length_of(const Json& span) {
    const std::string name = function_name(span);
    if (!name.starts_with("to_")) return {};
    const std::string number = number_below(span);
    std::string unit = name.substr(3);
    if (number == "1" && unit.ends_with('s')) unit.pop_back();
    return number.empty() ? "" : number + " " + unit;
  }

  // `x between $as_of - interval 90 day and $as_of` is `x lies in the last 90 days`.
  std::optional<std::string> recent(const Json& node) {
    const auto since = moment_of(node.at("lower"));
    const Json& until = node.at("upper");
    if (!since || !since->before || class_of(until) != "PARAMETER" ||
        member(until, "identifier") != member(*since->parameter, "identifier")) {
      return std::nullopt;
    }
    return fmt::format("{} lies in the last {}", value(node.at("input")), since->length);
  }

  std::string conjunction(const Json& node, bool inside) {
    const std::string_view word = type_of(node) == "CONJUNCTION_AND" ? " and " : " or ";
    std::vector<std::string> parts;
    for (const Json& child : node.at("children")) parts.push_back(condition(child, true));
    const std::string text = join(parts, word);
    return inside ? "(" + text + ")" : text;
  }

  std::string comparison(const Json& node) {
    static const std::map<std::string_view, std::string_view> kWords = {
        {"COMPARE_EQUAL", "is"},
        {"COMPARE_NOTEQUAL", "is not"},
        {"COMPARE_LESSTHAN", "is less than"},
        {"COMPARE_GREATERTHAN", "is more than"},
        {"COMPARE_LESSTHANOREQUALTO", "is at most"},
        {"COMPARE_GREATERTHANOREQUALTO", "is at least"},
        {"COMPARE_DISTINCT_FROM", "is not"},
        {"COMPARE_NOT_DISTINCT_FROM", "is"},
    };
    const auto words = kWords.find(type_of(node));
    if (words == kWords.end()) return sql(node);
    if (const auto told = time_condition(node)) return *told;
    return fmt::format("{} {} {}", value(node.at("left")), words->second, value(node.at("right")));
  }

  // `x >= $as_of - interval 90 day` asks whether x lies in the last 90 days.
  std::optional<std::string> time_condition(const Json& node) {
    const auto moment = moment_of(node.at("right"));
    if (!moment || !moment->before) return std::nullopt;
    const std::string_view type = type_of(node);
    const bool later = type == "COMPARE_GREATERTHAN" || type == "COMPARE_GREATERTHANOREQUALTO";
    const bool earlier = type == "COMPARE_LESSTHAN" || type == "COMPARE_LESSTHANOREQUALTO";
    if (!later && !earlier) return std::nullopt;
    return fmt::format("{} lies {} {}", value(node.at("left")), later ? "in the last" : "longer ago than",
                       moment->length);
  }

  // The one whole number below a node; "" = there is none or more than one.
  static std::string number_below(const Json& node) {
    std::vector<std::string> numbers;
    static_cast<void>(any_below(node, [&](const Json& below) {
      if (class_of(below) != "CONSTANT" || below.at("value").value("is_null", false)) return false;
      const Json& number = below.at("value");
      // A decimal's digits stand there as a whole number, too.
      const bool whole = number.at("type").value("id", "") != "DECIMAL" && number.at("value").is_number_integer();
      numbers.push_back(whole ? std::to_string(number.at("value").get<std::int64_t>()) : "");
      return false;
    }));
    return numbers.size() == 1 ? numbers.front() : "";
  }

  std::string operation(const Json& node) {
    const std::string_view type = type_of(node);
    const Json& children = node.at("children");
    if (type == "OPERATOR_IS_NULL") return value(children.at(0)) + " is not known";
    if (type == "OPERATOR_IS_NOT_NULL") return value(children.at(0)) + " is known";
    if (type == "COMPARE_IN" || type == "COMPARE_NOT_IN") {
      std::vector<std::string> values;
      for (std::size_t at = 1; at < children.size(); ++at) values.push_back(value(children.at(at)));
      return fmt::format("{} is {} {}", value(children.at(0)), type == "COMPARE_IN" ? "one of" : "none of",
                         join(values, ", "));
    }
    if (type == "OPERATOR_NOT") {
      const Json& inner = children.at(0);
      if (class_of(inner) == "COLUMN_REF") return value(inner) + " is false";
      if (is_segment_use(inner)) return membership(inner, false);
      return fmt::format("not ({})", condition(inner));
    }
    return sql(node);
  }

  std::string value(const Json& node) {
    const std::string_view kind = class_of(node);
    if (kind == "COLUMN_REF") {
      std::vector<std::string> path = column_path(node);
      if (path.size() > 1 && path.front() == table_) path.erase(path.begin());
      return join(path, ".");
    }
    if (kind == "PARAMETER") return member(node, "identifier") == "as_of" ? "the day's end" : "the day";
    if (const auto moment = moment_of(node)) {
      return fmt::format("{} {} {}", moment->length, moment->before ? "before" : "after", value(*moment->parameter));
    }
    if (const std::string length = length_of(node); !length.empty()) return length;
    if (kind == "FUNCTION" && node.at("children").size() == 2) {
      static const std::map<std::string, std::string_view, std::less<>> kSigns = {
          {"+", "+"}, {"-", "-"}, {"*", "×"}, {"/", "/"}};
      const auto sign = kSigns.find(function_name(node));
      if (sign != kSigns.end()) {
        return fmt::format("{} {} {}", operand(node.at("children").at(0)), sign->second,
                           operand(node.at("children").at(1)));
      }
    }
    return sql(node);
  }

  std::string operand(const Json& node) {
    const bool compound = class_of(node) == "FUNCTION" && node.value("is_operator", false);
    return compound ? "(" + value(node) + ")" : value(node);
  }

  // As the engine writes it.
  std::string sql(const Json& node) {
    return write_expression(node, scratch_).value_or("a condition that has no words");
  }

  std::string table_;
  store::Connection& scratch_;
};

}  // namespace

std::vector<std::string> words_of_rule(const Json& where, std::string_view table, store::Connection& scratch) {
  Speaker speaker(table, scratch);
  std::vector<std::string> words;
  if (type_of(where) != "CONJUNCTION_AND") return {speaker.condition(where)};
  for (const Json& child : where.at("children")) words.push_back(speaker.condition(child, true));
  return words;
}

}  // namespace hilo::expr
