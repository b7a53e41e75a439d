#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/attributes.h"
#include "expr/fold/part.h"

namespace hilo::expr {
namespace {

constexpr std::string_view kOfSource = ".";  // between a source and its value

// The attributes asked for and those that they use, in order.
std::vector<std::size_t> items_needed(const AttributeSet& set, const std::set<std::string>& attributes) {
  std::set<std::string> needed;
  for (const std::string& attribute : attributes) needed.insert(lower_ascii(attribute));
  std::vector<std::size_t> items;
  for (std::size_t at = set.columns.size(); at-- > 0;) {  // an item uses earlier ones
    if (!needed.contains(lower_ascii(set.columns[at].name))) continue;
    needed.insert(set.folded.items[at].uses.begin(), set.folded.items[at].uses.end());
    items.insert(items.begin(), at);
  }
  return items;
}

}  // namespace

std::string folded_sql(const AttributeSet& set) {
  std::string sql = "SELECT customer_id";
  for (const FoldedSet::Item& item : set.folded.items) sql += ", " + item.sql;
  sql += " FROM existing";
  for (const FoldedSet::Source& source : set.folded.sources)
    sql += fmt::format(" LEFT JOIN {} USING (customer_id)", source.sql);
  return sql;
}

std::string past_relation(std::string_view day) { return fmt::format("at {}", day); }
std::string past_column(std::string_view column) { return fmt::format("_{}", column); }

AttributeSet without_past(const AttributeSet& set) {
  if (set.past.empty()) return set;
  AttributeSet now = set.folds.empty() ? set : part_of(set, {set.now.begin(), set.now.end()});
  std::erase_if(now.columns, [&](const store::Column& column) {
    return std::ranges::find(set.now, lower_ascii(column.name)) == set.now.end();
  });
  now.sql = set.sql_now;
  now.past.clear();
  return now;
}

AttributeSet part_of(const AttributeSet& set, const std::set<std::string>& attributes) {
  AttributeSet part{.name = set.name, .path = set.path, .from = set.from, .columns = {}, .sql = set.sql};
  std::set<std::string> values;
  for (const std::size_t at : items_needed(set, attributes)) {
    part.columns.push_back(set.columns[at]);
    part.folded.items.push_back(set.folded.items[at]);
    values.insert(set.folded.items[at].uses.begin(), set.folded.items[at].uses.end());
  }
  for (const FoldedSet::Source& source : set.folded.sources) {
    std::set<std::string> results;
    const std::string prefix = source.name + std::string(kOfSource);
    for (const std::string& value : values) {
      if (value.starts_with(prefix)) results.insert(value.substr(prefix.size()));
    }
    if (results.empty()) continue;
    part.folded.sources.push_back(source);
    const auto fold = std::ranges::find(set.folds, source.fold, &FoldScan::name);
    if (fold != set.folds.end()) part.folds.push_back(part_of(*fold, results));
  }
  part.now = set.now;
  part.sql_now = set.sql_now;
  for (const PastTable& past : set.past) {
    PastTable kept{.day = past.day, .columns = {}, .source = past.source};
    for (const std::string& column : past.columns) {
      if (values.contains(past.source + std::string(kOfSource) + past_column(column))) kept.columns.push_back(column);
    }
    if (!kept.columns.empty()) part.past.push_back(std::move(kept));
  }
  return part;
}

}  // namespace hilo::expr
