#include "expr/type_check.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/sql_error.h"

namespace hilo::expr {
namespace {

struct Range {
  std::size_t from;
  std::size_t to;
};

// Where the expressions of the outermost select list stand, aliases left out. Empty when the text is too unusual to
// tell.
std::vector<Range> item_ranges(const Statement::Tree& tree) {
  const std::string& text = tree.file.text;
  const auto word = [&](std::size_t at) { return lower_ascii(token_text(text, tree.tokens[at])); };
  std::vector<Range> ranges;
  if (tree.tokens.empty() || word(0) != "select") return ranges;
  const Json& items = tree.select.at("select_list");
  std::size_t first = 1;
  for (std::size_t at = 1; at <= tree.tokens.size(); ++at) {
    const bool end = at == tree.tokens.size() ||
                     (tree.tokens[at].depth == 0 && tree.tokens[at].kind == TokenKind::kWord && word(at) == "from");
    const bool comma = !end && tree.tokens[at].depth == 0 && text[tree.tokens[at].offset] == ',' &&
                       tree.tokens[at].kind == TokenKind::kSymbol;
    if (!end && !comma) continue;
    if (ranges.size() >= items.size() || first >= at) return {};
    std::size_t last = at;
    if (const std::string alias = lower_ascii(alias_of(items[ranges.size()]));
        last > first + 1 && !alias.empty() && word(last - 1) == alias) {
      --last;
      if (last > first + 1 && word(last - 1) == "as") --last;
    }
    const Token& token = tree.tokens[last - 1];
    ranges.push_back({tree.tokens[first].offset, token.offset + token.length});
    first = at + 1;
    if (end) break;
  }
  if (ranges.size() != items.size()) ranges.clear();
  return ranges;
}

// Puts NULL in an expression's place; every other byte keeps its place. Returns whether there was room.
bool blank(std::string& text, const Range& range) {
  if (range.to - range.from < 4) return false;
  for (std::size_t at = range.from; at < range.to; ++at) {
    if (text[at] != '\n') text[at] = ' ';
  }
  text.replace(range.from, 4, "NULL");
  return true;
}

std::optional<SqlError> run(const std::string& text, store::Connection& scratch) {
  auto rows = scratch.query(text, check_parameters_values());
  if (rows) {
    const auto drained = rows->for_each([](const store::Chunk&, std::size_t) {});
    if (drained) return std::nullopt;
    return read_sql_error(drained.error().message, text);
  }
  return read_sql_error(rows.error().message, text);
}

// The item without which the statement runs.
std::optional<std::size_t> culprit(const std::string& text, const std::vector<Range>& ranges,
                                   store::Connection& scratch) {
  for (std::size_t item = 0; item < ranges.size(); ++item) {
    std::string without = text;
    if (blank(without, ranges[item]) && !run(without, scratch)) return item;
  }
  return std::nullopt;
}

}  // namespace

Status make_scratch_table(const std::string& name, const std::vector<store::Column>& columns,
                          store::Connection& scratch) {
  std::vector<std::string> parts;
  for (const store::Column& column : columns) parts.push_back(store::quote_name(column.name) + " " + column.type);
  const std::string table = store::quote_name(name);
  return scratch.execute(
      fmt::format("CREATE OR REPLACE TABLE {} ({}); INSERT INTO {} DEFAULT VALUES", table, join(parts, ", "), table));
}

ExactErrors::ExactErrors(store::Connection& connection) : connection_(connection) {
  // Without the setting, places are read from the quoted line: nothing to do when it is refused.
  static_cast<void>(connection_.execute("SET errors_as_json = true"));
}

ExactErrors::~ExactErrors() { static_cast<void>(connection_.execute("SET errors_as_json = false")); }

std::string with_typed_parameters(std::string_view text) {
  std::string typed;
  std::size_t done = 0;
  for (const Token& token : scan_tokens(text)) {
    if (token.kind != TokenKind::kParameter) continue;
    const std::string_view name = token_text(text, token);
    typed += text.substr(done, token.offset - done);
    typed += fmt::format("CAST({} AS {})", name, lower_ascii(name) == "$as_of" ? "TIMESTAMP" : "DATE");
    done = token.offset + token.length;
  }
  return typed + std::string(text.substr(done));
}

const store::Parameters& check_parameters_values() {
  constexpr std::int32_t kDays = 18993;  // 2022-01-01
  constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
  static const store::Parameters kValues = {{"as_of", store::WallTime{(kDays + 1) * kMicrosPerDay}},
                                            {"day", Date{kDays}}};
  return kValues;
}

std::vector<Suspicion> check_types(Findings& findings, store::Connection& scratch) {
  std::vector<Suspicion> suspicions;
  const Statement::Tree& tree = findings.tree();
  const std::vector<Range> ranges = item_ranges(tree);
  std::string text = tree.file.text;
  for (std::size_t round = 0; round <= ranges.size(); ++round) {
    const std::optional<SqlError> error = run(text, scratch);
    if (!error) return suspicions;
    std::optional<std::size_t> offset = error->offset;
    auto found = std::ranges::find_if(
        ranges, [&](const Range& range) { return offset && *offset >= range.from && *offset < range.to; });
    if (!offset) {
      if (const auto item = culprit(text, ranges, scratch)) {
        found = ranges.begin() + static_cast<std::ptrdiff_t>(*item);
        offset = found->from;
      }
    }
    // The engine cannot use the alias of a subquery in the same select list; the canonical form can, so this is no
    // fault.
    const bool limit_of_engine = error->message.find("the expression has a subquery") != std::string::npos;
    const std::size_t place = offset.value_or(tree.tokens.empty() ? kNoOffset : tree.tokens.front().offset);
    if (!limit_of_engine) {
      scratch.describe(with_typed_parameters(text)) ? suspicions.push_back({place, error->message})
                                                    : findings.add(place, error->message);
    }
    if (found == ranges.end() || !blank(text, *found)) return suspicions;
  }
  return suspicions;
}

}  // namespace hilo::expr
