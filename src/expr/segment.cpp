#include "expr/segment.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/segment_days.h"
#include "expr/segment_rule.h"
#include "expr/segment_use.h"
#include "expr/type_check.h"

namespace hilo::expr {
namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kDaysMax = 50;
constexpr int kYearTried = 2199;  // a day after any that a rule may name

bool is_segment_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kNameBytesMax && is_letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return is_letter(c) || c == '_' || c == '-'; });
}

// The definitions of a workspace on their way to a program.
class Compiler {
 public:
  Compiler(const std::vector<DefinitionFile>& files, const TableSchema& customers,
           const std::vector<std::string>& taken, store::Connection& scratch)
      : files_(files), customers_(customers), taken_(taken), scratch_(scratch) {}

  SegmentProgram run() {
    for (const DefinitionFile& file : files_) read(file);
    for (const auto& [name, statement] : statements_) check_uses(name, statement);
    find_circles();
    if (const Status checked = check_rules(); !checked) program_.errors.push_back(checked.error());
    sort_errors();
    return std::move(program_);
  }

 private:
  void fault(const DefinitionFile& file, std::string message, std::string advice) {
    program_.errors.push_back(
        Error{ErrorCode::kInvalidDefinition, std::move(message), std::move(advice), {file.path, 0, 0}});
  }

  void read(const DefinitionFile& file) {
    known_.push_back(file.name);
    if (!is_segment_name(file.name)) {
      return fault(file, fmt::format("'{}' cannot be the name of a segment", file.name),
                   "A segment is named by its file: lower-case letters, digits, _ and -, at most 64 of them.");
    }
    if (std::ranges::find(taken_, file.name) != taken_.end()) {
      return fault(file, fmt::format("'{}' is the name of a table: a segment cannot have it", file.name),
                   "Give the file another name.");
    }
    auto statement = Statement::parse(file, scratch_);
    if (!statement) return program_.errors.push_back(std::move(statement).error());
    statements_.emplace(file.name, std::move(*statement));
  }

  void add(const Statement& statement, std::size_t offset, std::string message, std::string advice = {}) {
    program_.errors.push_back(
        Error{ErrorCode::kInvalidDefinition, std::move(message), std::move(advice), statement.position(offset)});
  }

  void check_uses(const std::string& name, const Statement& statement) {
    for (const SegmentUse& use : segment_uses(statement)) {
      if (use.name.empty()) {
        auto [message, advice] = wrong_use(use.kind);
        add(statement, use.offset, std::move(message), std::move(advice));
      } else if (std::ranges::find(known_, use.name) == known_.end()) {
        add(statement, use.offset, fmt::format("unknown segment '{}'{}", use.name, did_you_mean(use.name, known_)),
            "a segment is a file of segments/, named without its ending");
      } else {
        uses_[name].push_back(use);
        continue;
      }
      misnamed_.insert(name);
      broken_.insert(name);
    }
  }

  // Depth first; a segment met on the way to itself closes a circle. Those that only lead to one are left out, too.
  enum class Mark : std::uint8_t { kOnTheWay, kDone };

  void find_circles() {
    for (const auto& [name, statement] : statements_) visit(name);
  }

  bool visit(const std::string& name) {
    if (const auto mark = marks_.find(name); mark != marks_.end()) return !broken_.contains(name);
    marks_[name] = Mark::kOnTheWay;
    trail_.push_back(name);
    for (const SegmentUse& use : uses_[name]) {
      if (!statements_.contains(use.name)) {
        broken_.insert(name);  // its file is at fault and was told
      } else if (const auto mark = marks_.find(use.name); mark != marks_.end() && mark->second == Mark::kOnTheWay) {
        tell_circle(use);
      } else if (!visit(use.name)) {
        broken_.insert(name);
      }
    }
    trail_.pop_back();
    marks_[name] = Mark::kDone;
    if (!broken_.contains(name)) order_.push_back(name);
    return !broken_.contains(name);
  }

  void tell_circle(const SegmentUse& closing) {
    std::string circle;
    for (auto at = std::ranges::find(trail_, closing.name); at != trail_.end(); ++at) {
      circle += *at + " -> ";
      broken_.insert(*at);
    }
    add(statements_.at(trail_.back()), closing.offset, fmt::format("segments in a circle: {}{}", circle, closing.name),
        closing.kind == Membership::kIn
            ? "A segment cannot be defined by itself: take one of these uses out."
            : "A segment cannot be defined by its own past, which would go back without end: take one of these uses "
              "out, or write the part of the rule that is meant as a segment of its own.");
  }

  Status check_rules() {
    HILO_TRY(define_segment_functions(scratch_));
    const Status done = [&]() -> Status {
      HILO_ASSIGN(const FunctionCatalog functions, FunctionCatalog::load(scratch_));
      HILO_TRY(make_scratch_table("customers", customers_.columns, scratch_));
      const ExactErrors exact(scratch_);
      for (const std::string& name : known_)
        HILO_TRY(make_scratch_table(members_relation(name), {{std::string(kCustomer), "BIGINT"}}, scratch_));
      for (const std::string& name : order_) check_one(name, functions);
      // A rule that uses one at fault is still told what else is wrong with itself.
      for (const auto& [name, statement] : statements_) {
        if (std::ranges::find(order_, name) == order_.end() && !misnamed_.contains(name)) check_one(name, functions);
      }
      return {};
    }();
    drop_segment_functions(scratch_);
    return done;
  }

  void check_one(const std::string& name, const FunctionCatalog& functions) {
    auto rule = stop_exceptions([&] {
      return check_rule(statements_.at(name), {.functions = functions, .customers = customers_, .scratch = scratch_});
    });
    if (!rule) {
      program_.errors.insert(program_.errors.end(), rule.error().begin(), rule.error().end());
      broken_.insert(name);
      return;
    }
    const bool whole = std::ranges::all_of(used_segments(*rule),
                                           [&](const std::string& used) { return program_.find(used) != nullptr; });
    if (!whole || broken_.contains(name)) return;
    rule->version = version_of(*rule);
    program_.rules.push_back(std::move(*rule));
    if (const Status few = check_days(program_.rules.back()); !few) {
      program_.errors.push_back(few.error());
      program_.rules.pop_back();
      broken_.insert(name);
    }
  }

  // Whether a rule, the last of the program, reads few other days: each use of one may lead to more.
  [[nodiscard]] Status check_days(const SegmentRule& rule) {
    HILO_ASSIGN(const Date asked, make_date(kYearTried, 12, 31));
    HILO_ASSIGN(const std::vector<SegmentsOfDay> days, past_members_needed(program_, {rule.name}, {asked}, scratch_));
    if (days.size() <= kDaysMax) return {};
    const Statement& statement = statements_.at(rule.name);
    return std::unexpected(Error{
        ErrorCode::kInvalidDefinition,
        fmt::format("the rule reads {} other days, those of the segments that it uses included: at most {} can be read",
                    days.size(), kDaysMax),
        "Use fewer days: each is a flat table to be computed whenever the segment is asked for.",
        statement.position(segment_uses(statement).front().offset)});
  }

  [[nodiscard]] std::string version_of(const SegmentRule& rule) const {
    constexpr std::size_t kDigits = 12;
    std::string text = rule.sql;
    for (const std::string& used : used_segments(rule)) text += "\n" + used + " " + program_.find(used)->version;
    return sha256_hex(text).substr(0, kDigits);
  }

  void sort_errors() {
    const auto place = [](const Error& error) {
      return std::tuple(error.position.file, error.position.line, error.position.column, error.message);
    };
    std::ranges::stable_sort(program_.errors, {}, place);
    const auto same = std::ranges::unique(program_.errors, {}, place);
    program_.errors.erase(same.begin(), same.end());
  }

  const std::vector<DefinitionFile>& files_;
  const TableSchema& customers_;
  const std::vector<std::string>& taken_;
  store::Connection& scratch_;
  std::vector<std::string> known_;  ///< names of all files, also of those at fault
  std::map<std::string, Statement> statements_;
  std::map<std::string, std::vector<SegmentUse>> uses_;
  std::map<std::string, Mark> marks_;
  std::vector<std::string> trail_;
  std::vector<std::string> order_;
  std::set<std::string> misnamed_;  ///< rules that use what is no segment
  std::set<std::string> broken_;    ///< rules that cannot be members of the program
  SegmentProgram program_;
};

}  // namespace

const SegmentRule* SegmentProgram::find(std::string_view name) const {
  const auto found = std::ranges::find(rules, name, &SegmentRule::name);
  return found == rules.end() ? nullptr : &*found;
}

std::vector<const SegmentRule*> closure(const SegmentProgram& program, const std::vector<std::string>& names,
                                        Reach reach) {
  std::set<std::string> wanted(names.begin(), names.end());
  std::vector<const SegmentRule*> rules;
  // Each rule stands after those that it uses, so one walk from the end meets every user before what it uses.
  for (auto rule = program.rules.rbegin(); rule != program.rules.rend(); ++rule) {
    if (!wanted.contains(rule->name)) continue;
    rules.push_back(&*rule);
    wanted.insert(rule->segments.begin(), rule->segments.end());
    if (reach == Reach::kSameDay) continue;
    for (const PastMembership& past : rule->past) wanted.insert(past.segment);
  }
  std::ranges::reverse(rules);
  return rules;
}

std::vector<std::string> used_segments(const SegmentRule& rule) {
  std::set<std::string> names(rule.segments.begin(), rule.segments.end());
  for (const PastMembership& past : rule.past) names.insert(past.segment);
  return {names.begin(), names.end()};
}

std::vector<DefinitionFile> files_used(const DefinitionFile& root, const std::vector<DefinitionFile>& files,
                                       store::Connection& scratch) {
  std::vector<DefinitionFile> used = {root};
  for (std::size_t at = 0; at < used.size(); ++at) {
    const auto statement = Statement::parse(used[at], scratch);
    if (!statement) continue;  // the check tells why
    for (const SegmentUse& use : segment_uses(*statement)) {
      if (std::ranges::find(used, use.name, &DefinitionFile::name) != used.end()) continue;
      const auto found = std::ranges::find(files, use.name, &DefinitionFile::name);
      if (found == files.end()) {
        used = files;
        used.push_back(root);
        return used;
      }
      used.push_back(*found);
    }
  }
  return used;
}

SegmentProgram compile_segments(const std::vector<DefinitionFile>& files, const TableSchema& customers,
                                const std::vector<std::string>& taken, store::Connection& scratch) {
  return Compiler(files, customers, taken, scratch).run();
}

}  // namespace hilo::expr
