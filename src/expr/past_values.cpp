#include "expr/past_values.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/functions.h"
#include "expr/past_day.h"

namespace hilo::expr {
namespace {

constexpr std::string_view kAt = "at";
constexpr std::string_view kStandIn = "_at";

// Calls that stand where a value of the customer can: an aggregate or a window has many rows.
void collect(const Json& node, std::vector<const Json*>& calls) {
  if (class_of(node) == "WINDOW" || (class_of(node) == "FUNCTION" && find_aggregate(function_name(node)))) return;
  if (class_of(node) == "FUNCTION" && function_name(node) == kAt) {
    calls.push_back(&node);
    return;
  }
  for_each_child(node, [&](const Json& child) { collect(child, calls); });
}

// Where the bracket of a call ends.
std::size_t end_of_call(const Statement::Tree& tree, std::size_t offset) {
  const auto name = std::ranges::find(tree.tokens, offset, &Token::offset);
  const auto closes = [&](const Token& token) {
    return token.offset > offset && token.depth == name->depth && tree.file.text[token.offset] == ')' &&
           token.kind == TokenKind::kSymbol;
  };
  const auto end = name == tree.tokens.end() ? name : std::find_if(name, tree.tokens.end(), closes);
  return end == tree.tokens.end() ? offset : end->offset + end->length;
}

// Puts a shorter text in place of bytes: where a line of them has room for it, so that every line keeps its number and
// whatever follows its place.
void put_in_place(std::string& text, std::size_t from, std::size_t to, const std::string& put) {
  std::string blank = text.substr(from, to - from);
  std::ranges::replace_if(blank, [](char c) { return c != '\n'; }, ' ');
  const std::size_t room = blank.find(std::string(put.size(), ' '));
  if (room == std::string::npos) return;  // such a call is told to be unknown where it stands
  blank.replace(room, put.size(), put);
  text.replace(from, blank.size(), blank);
}

}  // namespace

const PastValue* PastValues::find(const Json& node) const {
  if (class_of(node) != "FUNCTION") return nullptr;
  const auto found = std::ranges::find(calls, function_name(node), &PastValue::stand_in);
  return found == calls.end() ? nullptr : &*found;
}

PastValues find_past_values(const Statement& statement, std::size_t number) {
  const Statement::Tree& tree = statement.tree();
  PastValues past{.calls = {}, .text = tree.file.text};
  std::vector<const Json*> found;
  for (const Json& item : tree.select.at("select_list")) collect(item, found);
  for (const Json* call : found) {
    const Json& arguments = call->at("children");
    PastValue value{.attribute = {},
                    .day = arguments.size() == 2 ? arguments[1] : Json(),
                    .offset = own_offset(*call),
                    .day_offset = second_argument(tree, own_offset(*call)),
                    .stand_in = fmt::format("{}{}", kStandIn, number + past.calls.size() + 1)};
    if (arguments.size() == 2 && class_of(arguments[0]) == "COLUMN_REF" && column_path(arguments[0]).size() == 1)
      value.attribute = column_path(arguments[0]).front();
    put_in_place(past.text, value.offset, end_of_call(tree, value.offset), value.stand_in + "()");
    past.calls.push_back(std::move(value));
  }
  return past;
}

void refuse_stand_ins(const Statement& written, Findings& findings) {
  const std::string& text = written.tree().file.text;
  const std::vector<Token>& tokens = written.tree().tokens;
  for (std::size_t at = 0; at + 1 < tokens.size(); ++at) {
    const std::string name = lower_ascii(token_text(text, tokens[at]));
    const bool is_kept = name.starts_with(kStandIn) && name.size() > kStandIn.size() &&
                         name.find_first_not_of("0123456789", kStandIn.size()) == std::string::npos;
    if (is_kept && tokens[at].kind != TokenKind::kText && text[tokens[at + 1].offset] == '(')
      findings.add(tokens[at].offset, fmt::format("unknown function '{}'", name));
  }
}

std::vector<std::string> aliases_with_past(const Json& select, const PastValues& past) {
  std::vector<std::string> aliases;
  for (const Json& item : select.at("select_list")) {
    const bool needs = any_below(item, [&](const Json& node) {
      if (past.find(node) != nullptr) return true;
      return class_of(node) == "COLUMN_REF" && std::ranges::find(aliases, column_path(node).front()) != aliases.end();
    });
    if (needs) aliases.push_back(lower_ascii(alias_of(item)));
  }
  return aliases;
}

Json without_past(Json select, const PastValues& past) {
  const std::vector<std::string> aliases = aliases_with_past(select, past);
  Json kept = Json::array();
  for (const Json& item : select.at("select_list")) {
    if (std::ranges::find(aliases, lower_ascii(alias_of(item))) == aliases.end()) kept.push_back(item);
  }
  select["select_list"] = std::move(kept);
  return select;
}

Status define_past_values(const PastValues& past, store::Connection& scratch) {
  for (const PastValue& value : past.calls)
    HILO_TRY(scratch.execute(fmt::format("CREATE OR REPLACE MACRO {}() AS CAST(NULL AS {})", value.stand_in,
                                         value.type.empty() ? "INTEGER" : value.type)));
  return {};
}

void drop_past_values(const PastValues& past, store::Connection& scratch) {
  // What is left of them harms nobody: no definition can name them.
  for (const PastValue& value : past.calls)
    static_cast<void>(scratch.execute(fmt::format("DROP MACRO IF EXISTS {}", value.stand_in)));
}

}  // namespace hilo::expr
