#include "expr/past_day.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "expr/canonical.h"

namespace hilo::expr {
namespace {

// All days of a whole turn of the calendar: leap years and weekdays in every order.
constexpr std::string_view kDaysTried =
    "(SELECT DATE '2000-01-01' + unnest(range(10227))::INTEGER AS day_asked) AS days_tried";

struct Parts {
  bool as_of = false;
  bool day = false;
};

class PastDay {
 public:
  PastDay(std::size_t offset, std::string_view example, const Relation& relation, const Workbench& bench)
      : offset_(offset),
        advice_(fmt::format("tell it from $as_of or $day and constants: {}", example)),
        relation_(relation),
        bench_(bench) {}

  std::optional<std::string> read(const Json& day) {
    const std::size_t faults = bench_.findings.size();
    check_parts(day);
    if (bench_.findings.size() != faults) return std::nullopt;
    Json canonical = day;
    make_canonical(canonical, relation_, Partition::kNone, bench_);
    const std::string type = type_over(canonical, relation_, bench_.scratch);
    const auto text = write_expression(canonical, bench_.scratch);
    if (!text || type.empty()) return fault("this day cannot be computed");
    const auto date = as_date(*text, type);
    if (!date || !is_before(*text, *date, type == "DATE")) return std::nullopt;
    return fmt::format("({})", *date);
  }

 private:
  std::nullopt_t fault(std::string message) {
    bench_.findings.add(offset_, std::move(message), advice_);
    return std::nullopt;
  }

  void refuse(const Json& node, std::string_view what) {
    bench_.findings.add(own_offset(node), fmt::format("{} cannot tell another day", what), advice_);
  }

  void check_parts(const Json& node) {
    const std::string_view kind = class_of(node);
    const std::string name = function_name(node);
    if (kind == "COLUMN_REF") return refuse(node, fmt::format("the column '{}'", column_path(node).back()));
    if (kind == "SUBQUERY") return refuse(node, "a subquery");
    if (kind == "LAMBDA") return refuse(node, "a lambda");
    if (kind == "WINDOW" || bench_.functions.is_aggregate(name))
      return refuse(node, fmt::format("the aggregate '{}'", name));
    if (kind == "PARAMETER") (member(node, "identifier") == "as_of" ? parts_.as_of : parts_.day) = true;
    for_each_child(node, [this](const Json& child) { check_parts(child); });
  }

  std::optional<std::string> as_date(const std::string& text, const std::string& type) {
    if (parts_.as_of && parts_.day) return fault("$as_of and $day cannot stand in one day");
    const bool is_moment = type == "TIMESTAMP" && (parts_.as_of || parts_.day);
    if (!is_moment && type != "DATE") return fault(fmt::format("this is a {}, not a day", type));
    // A DATE made of $as_of would be the day that begins where the one meant has ended.
    if (type == "DATE" && parts_.as_of) return fault("a DATE made of $as_of is a day later than it seems");
    const std::string date = type == "DATE" ? text : fmt::format("CAST({} AS DATE)", text);
    return parts_.as_of ? date + " - 1" : date;
  }

  bool is_before(const std::string& text, const std::string& date, bool is_date) {
    const auto on_tried = [](const std::string& sql) {
      return with_day_from(sql, "day_asked", "CAST(day_asked + 1 AS TIMESTAMP)");
    };
    const std::string is_midnight = is_date ? "TRUE" : fmt::format("date_trunc('day', {0}) = {0}", on_tried(text));
    const bool moves = parts_.as_of || parts_.day;
    auto rows = bench_.scratch.query(
        fmt::format("SELECT count(*) FILTER (past IS NULL OR NOT isfinite(past)), count(*) FILTER (NOT midnight), "
                    "CAST(min(day_asked) FILTER ({} AND past >= day_asked) AS VARCHAR), "
                    "CAST(arg_min(past, day_asked) FILTER ({} AND past >= day_asked) AS VARCHAR) FROM "
                    "(SELECT day_asked, {} AS past, {} AS midnight FROM {}) AS tried",
                    moves, moves, on_tried(date), is_midnight, kDaysTried));
    std::string wrong = "this day cannot be computed";
    if (rows && rows->for_each([&](const store::Chunk& chunk, std::size_t row) { wrong = wrong_in(chunk, row); }) &&
        wrong.empty())
      return true;
    fault(std::move(wrong));
    return false;
  }

  // What the days tried have shown to be wrong; "" = nothing.
  static std::string wrong_in(const store::Chunk& chunk, std::size_t row) {
    if (chunk.integer(0, row) > 0) return "this is no day";
    if (chunk.integer(1, row) > 0) return "this is a moment within a day, not a day";
    if (chunk.is_null(2, row)) return "";
    return fmt::format("this does not lie before the day asked about: on {} it is {}", chunk.text(2, row),
                       chunk.text(3, row));
  }

  std::size_t offset_;
  std::string advice_;
  const Relation& relation_;
  const Workbench& bench_;
  Parts parts_;
};

}  // namespace

std::size_t second_argument(const Statement::Tree& tree, std::size_t call) {
  auto at = std::ranges::find(tree.tokens, call, &Token::offset);
  if (at == tree.tokens.end()) return call;
  const int depth = at->depth + 1;
  at = std::find_if(at, tree.tokens.end(), [&](const Token& token) {
    return token.depth == depth && token.kind == TokenKind::kSymbol && tree.file.text[token.offset] == ',';
  });
  return at == tree.tokens.end() || std::next(at) == tree.tokens.end() ? call : std::next(at)->offset;
}

std::optional<std::string> read_past_day(const Json& day, std::size_t offset, std::string_view example,
                                         const Relation& relation, const Workbench& bench) {
  return PastDay(offset, example, relation, bench).read(day);
}

}  // namespace hilo::expr
