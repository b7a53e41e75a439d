// Segment rules: one SELECT with a WHERE over the flat table of customers. A rule may use other segments.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expr/definition.h"

namespace hilo::expr {

/// Membership in a segment on an earlier day, by its definition of today.
struct PastMembership {
  std::string segment;
  std::string day;  ///< an expression of type DATE over `$day` and `$as_of`; null or after `$day`: nobody is a member
  [[nodiscard]] bool operator==(const PastMembership&) const = default;
};

/// Returns the name of the relation with a segment's members on the day asked about, or on the earlier one.
[[nodiscard]] std::string members_relation(std::string_view segment);
[[nodiscard]] std::string members_relation(const PastMembership& past);

/// A segment rule, checked.
struct SegmentRule {
  std::string name;  ///< the file's name without extension: lower-case letters, digits, _ and -
  std::string path;
  std::string title;        ///< of the header comment `title: ...`, else the name
  std::string description;  ///< the prose of the leading comment lines
  /// Canonical: SELECT customer_id FROM customers WHERE ...; parameters `$as_of` and/or `$day`. For each of `segments`
  /// and of `past` it reads the relation that members_relation names, with the column customer_id.
  std::string sql;
  std::vector<std::string> conditions;  ///< the WHERE in words; all of them must hold
  std::vector<std::string> uses;        ///< columns of `customers` that it reads, each once, in the order of the text
  std::vector<std::string> segments;    ///< segments that it uses on the day asked about, by name
  std::vector<PastMembership> past;     ///< those that it uses on other days, by name and day
  std::string version;                  ///< 12 hexadecimal digits; another one when the rule, or one it uses, changes
};

/// The rules of a workspace that are right, and what is wrong with the others. `rules`: each after those that it uses,
/// else by name. A rule that uses one at fault is left out without an error of its own.
struct SegmentProgram {
  std::vector<SegmentRule> rules;
  std::vector<Error> errors;
  /// Returns the rule of that name, or null.
  [[nodiscard]] const SegmentRule* find(std::string_view name) const;
};

/// How far the use of other segments is followed: on the day asked about alone, or on earlier days as well.
enum class Reach : std::uint8_t { kSameDay, kAnyDay };

/// Names a segment's rule uses, itself included, and theirs in turn. **Requires**: `program` holds the segment.
/// **Shape**: in the order of `program.rules`.
[[nodiscard]] std::vector<const SegmentRule*> closure(const SegmentProgram& program,
                                                      const std::vector<std::string>& names,
                                                      Reach reach = Reach::kSameDay);

/// Names the segments that a rule uses on whatever day, each once, by name.
[[nodiscard]] std::vector<std::string> used_segments(const SegmentRule& rule);

/// Returns the file `root` and those of `files` that it uses, and theirs in turn: what a check of it alone needs. All
/// of `files` where it uses a segment that is not among them, so that the check can tell the nearest name.
[[nodiscard]] std::vector<DefinitionFile> files_used(const DefinitionFile& root,
                                                     const std::vector<DefinitionFile>& files,
                                                     store::Connection& scratch);

/// Checks `select ... from customers where ...` against the flat table (golden columns and attributes). What the select
/// list names is checked too, but membership is the WHERE alone. `in_segment('name')` stands for membership in another
/// segment, `in_segment('name', day)` for that on an earlier day; `entered('name', interval)` and `left_segment` for
/// those that differ between the two.
/// **Requires**: as for compile_attributes. `taken`: names that a segment may not have.
/// **Errors**: kInvalidDefinition, each with file, line and column; a circle of segments is named, also one that leads
/// to earlier days.
[[nodiscard]] SegmentProgram compile_segments(const std::vector<DefinitionFile>& files, const TableSchema& customers,
                                              const std::vector<std::string>& taken, store::Connection& scratch);

}  // namespace hilo::expr
