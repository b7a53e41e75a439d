#include "expr/attributes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/canonical.h"
#include "expr/names.h"
#include "expr/one_customer.h"
#include "expr/past_day.h"
#include "expr/past_values.h"
#include "expr/population.h"
#include "expr/sql_error.h"
#include "expr/type_check.h"

namespace hilo::expr {
namespace {

constexpr std::string_view kCustomers = "customers";

// One file on its way to a set.
struct Draft {
  const DefinitionFile* file;
  std::optional<Statement> statement = {};
  std::unique_ptr<Findings> findings = {};  // set once the file parsed
  std::vector<std::string> aliases = {};    // lower case, in the order of the select list, without the empty ones
  std::vector<std::size_t> alias_places = {};
  std::string from = {};
  std::vector<AttributeUse> uses = {};
  PastValues past = {};
  std::vector<Suspicion> suspicions = {};
  bool done = false;
};

// Says whether a result can stand in a flat table: a scalar or a list of scalars.
bool is_flat_type(std::string_view type) {
  return !type.starts_with("STRUCT") && !type.starts_with("MAP") && !type.starts_with("UNION") &&
         type.find("WITH TIME ZONE") == std::string_view::npos;
}

class Program {
 public:
  Program(const std::vector<DefinitionFile>& files, const std::vector<TableSchema>& schema, store::Connection& scratch,
          FunctionCatalog functions)
      : schema_(schema), scratch_(scratch), functions_(std::move(functions)) {
    for (const DefinitionFile& file : files) drafts_.push_back({.file = &file});
    std::ranges::stable_sort(drafts_, {}, [](const Draft& draft) { return draft.file->name; });
    const TableSchema* golden = table(kCustomers);
    if (golden != nullptr) flat_ = golden->columns;
  }

  Checked<AttributeProgram> compile() {
    if (auto ready = make_tables(); !ready) return std::unexpected(std::vector{std::move(ready).error()});
    for (Draft& draft : drafts_) parse(draft);
    for (Draft& draft : drafts_) check_across(draft);
    for (Draft& draft : drafts_) check_past(draft);
    note(define_past());
    for (Draft& draft : drafts_) {
      if (draft.statement && draft.from != kCustomers) one_customer(draft);
    }
    population();
    for (const Draft& draft : drafts_) drop_past_values(draft.past, scratch_);
    return finish();
  }

 private:
  [[nodiscard]] const TableSchema* table(std::string_view name) const {
    const auto found = std::ranges::find(schema_, name, &TableSchema::name);
    return found == schema_.end() ? nullptr : &*found;
  }

  Workbench bench(Draft& draft) { return {*draft.findings, functions_, schema_, scratch_}; }

  Status make_tables() {
    for (const TableSchema& each : schema_) HILO_TRY(make_scratch_table(each.name, each.columns, scratch_));
    return make_scratch_table("existing", {{std::string(kCustomer), "BIGINT"}}, scratch_);
  }

  void parse(Draft& draft) {
    auto statement = Statement::parse(*draft.file, scratch_);
    if (!statement) {
      errors_.push_back(std::move(statement).error());
      return;
    }
    draft.statement = *statement;
    if (!put_stand_ins(draft)) return;
    const Statement::Tree& tree = draft.statement->tree();
    draft.findings = std::make_unique<Findings>(tree);
    refuse_stand_ins(*statement, *draft.findings);
    if (draft.past.calls.empty()) check_parameters(*draft.findings, true);
    if (type_of(tree.select) != "SELECT_NODE") return;
    if (type_of(tree.select.at("from_table")) == "BASE_TABLE") {
      draft.from = lower_ascii(member(tree.select.at("from_table"), "table_name"));
    }
    for (const Json& item : tree.select.at("select_list")) {
      if (alias_of(item).empty()) continue;
      draft.aliases.push_back(lower_ascii(alias_of(item)));
      draft.alias_places.push_back(draft.findings->alias_offset(item));
    }
  }

  // From here on a function without arguments stands for each call of at(). Returns whether the text still parses.
  bool put_stand_ins(Draft& draft) {
    if (type_of(draft.statement->tree().select) != "SELECT_NODE") return true;
    draft.past = find_past_values(*draft.statement, past_values_);
    if (draft.past.calls.empty()) return true;
    past_values_ += draft.past.calls.size();
    Findings parameters(draft.statement->tree());
    check_parameters(parameters, true);
    std::ranges::move(parameters.take(), std::back_inserter(errors_));
    auto statement =
        Statement::parse({.path = draft.file->path, .name = draft.file->name, .text = draft.past.text}, scratch_);
    if (!statement) errors_.push_back(statement.error());
    draft.statement = statement ? std::optional(std::move(*statement)) : std::nullopt;
    return draft.statement.has_value();
  }

  // What the calls of at() name, and their days.
  void check_past(Draft& draft) {
    if (!draft.statement || draft.past.calls.empty()) return;
    const Workbench work = bench(draft);
    Relation existing{.name = {}, .columns = {}, .row_order = {}, .from = make_table("existing"), .known = false};
    for (PastValue& call : draft.past.calls) {
      const std::string advice = fmt::format("write: {}", kPastExample);
      if (call.day.is_null() || call.attribute.empty()) {
        draft.findings->add(call.offset, "at takes the name of an attribute and a day", advice);
        continue;
      }
      if (draft.from == kCustomers) {
        draft.findings->add(call.offset, "at cannot stand in a set over customers",
                            "write an attribute of it in a set over events, and read that");
        continue;
      }
      check_past_attribute(draft, call);
      check_names(call.day, {.relation = &existing, .place = "the day of at()"}, work);
      if (!draft.findings->empty()) continue;
      call.day_sql = read_past_day(call.day, call.day_offset, kPastExample, existing, work).value_or("");
      bound_other_days(draft, call);
    }
  }

  // What shows one customer alone makes the tables of all other days within its query.
  void bound_other_days(Draft& draft, const PastValue& call) {
    constexpr std::size_t kOtherDaysMax = 12;
    if (call.day_sql.empty() || !other_days_.insert(call.day_sql).second) return;
    if (other_days_.size() <= kOtherDaysMax) return;
    draft.findings->add(call.day_offset, fmt::format("the attributes read more than {} other days", kOtherDaysMax),
                        "use fewer days: each is a flat table to be computed");
  }

  void check_past_attribute(Draft& draft, PastValue& call) {
    const auto is_it = [&](const store::Column& column) { return lower_ascii(column.name) == call.attribute; };
    if (const auto golden = std::ranges::find_if(flat_, is_it); golden != flat_.end()) {
      call.type = golden->type;
      return;
    }
    const auto owner = owners_.find(call.attribute);
    if (owner == owners_.end()) {
      std::vector<std::string> known;
      for (const auto& [alias, of] : owners_) known.push_back(alias);
      for (const store::Column& column : flat_) known.push_back(column.name);
      draft.findings->add(call.offset,
                          fmt::format("unknown attribute '{}'{}", call.attribute, did_you_mean(call.attribute, known)),
                          fmt::format("at takes the name of an attribute: {}", kPastExample));
    } else if (owner->second->from == kCustomers) {
      draft.findings->add(call.offset,
                          fmt::format("'{}' is an attribute over all customers: at cannot ask for it", call.attribute),
                          "ask for what it is made of");
    } else if (is_of_past(*owner->second, call.attribute)) {
      draft.findings->add(call.offset,
                          fmt::format("'{}' itself asks for another day: at cannot ask for it", call.attribute),
                          "ask for what it is made of, on a day further back");
    } else {
      call.type = type_of_attribute(*owner->second, call.attribute);
      if (!call.type.contains("STRUCT") && !call.type.contains("MAP")) return;
      draft.findings->add(call.offset, fmt::format("'{}' is a {}: at cannot ask for it", call.attribute, call.type),
                          "ask for a single value or a list of such");
      call.type.clear();
    }
  }

  static bool is_of_past(const Draft& draft, const std::string& attribute) {
    const std::vector<std::string> past = aliases_with_past(draft.statement->tree().select, draft.past);
    return std::ranges::find(past, attribute) != past.end();
  }

  // "" where the set has faults, which it tells itself. What needs other days is left out: it has no types yet.
  std::string type_of_attribute(const Draft& owner, const std::string& attribute) {
    if (!types_.contains(&owner)) {
      Findings findings(owner.statement->tree());
      const Workbench work{findings, functions_, schema_, scratch_};
      const Json select = without_past(owner.statement->tree().select, owner.past);
      std::map<std::string, std::string>& types = types_[&owner];
      static_cast<void>(check_one_customer(select, elsewhere(owner), {}, work));
      if (!findings.empty()) return {};
      const auto compiled = compile_one_customer(select, 0, {}, work);
      const auto text = compiled ? write_select(compiled->select, scratch_) : std::unexpected(compiled.error());
      const auto columns = text ? scratch_.describe(*text) : std::unexpected(text.error());
      if (!columns) return {};
      for (const store::Column& column : *columns) types[lower_ascii(column.name)] = column.type;
    }
    return types_[&owner][attribute];
  }

  // The engine is to know the functions that stand for calls, with their types.
  Status define_past() {
    if (past_values_ == 0) return {};
    for (const Draft& draft : drafts_) HILO_TRY(define_past_values(draft.past, scratch_));
    HILO_ASSIGN(functions_, FunctionCatalog::load(scratch_));
    return {};
  }

  // Two files of one name, an attribute in two sets, an attribute named as a golden column.
  void check_across(Draft& draft) {
    if (!draft.statement) return;
    for (const Draft& other : drafts_) {
      if (&other == &draft) break;
      if (other.file->name == draft.file->name) {
        draft.findings->add(0, fmt::format("there are two sets named '{}'", draft.file->name),
                            fmt::format("the other one is {}", other.file->path));
      }
    }
    for (std::size_t at = 0; at < draft.aliases.size(); ++at) {
      const std::string& alias = draft.aliases[at];
      const auto hidden = [&](const store::Column& column) { return lower_ascii(column.name) == alias; };
      if (table(kCustomers) != nullptr && std::ranges::any_of(table(kCustomers)->columns, hidden)) {
        draft.findings->add(draft.alias_places[at], fmt::format("the alias '{}' hides the column '{}'", alias, alias),
                            "choose another name");
      }
      const auto [owner, first] = owners_.try_emplace(alias, &draft);
      if (!first && owner->second != &draft) {
        draft.findings->add(draft.alias_places[at], fmt::format("the attribute '{}' is defined in two sets", alias),
                            fmt::format("the other one is in {}", owner->second->file->path));
      }
    }
  }

  // The attributes of all other sets.
  [[nodiscard]] std::map<std::string, std::string> elsewhere(const Draft& draft) const {
    std::map<std::string, std::string> names;
    for (const auto& [alias, owner] : owners_) {
      if (owner != &draft) names[alias] = owner->file->name;
    }
    return names;
  }

  void one_customer(Draft& draft) {
    const Workbench work = bench(draft);
    const Json& select = draft.statement->tree().select;
    draft.from = check_one_customer(select, elsewhere(draft), draft.past, work);
    const auto is_known = [](const PastValue& call) { return !call.type.empty() && !call.day_sql.empty(); };
    if (!std::ranges::all_of(draft.past.calls, is_known)) return;  // the fault is told where it is
    if (draft.findings->empty()) draft.suspicions = check_types(*draft.findings, scratch_);
    if (!draft.findings->empty()) return;
    Result<CompiledSelect> compiled = compile_one_customer(select, program_.sets.size() + 1, draft.past, work);
    note(compiled ? add_set(draft, std::move(*compiled)) : std::unexpected(std::move(compiled).error()));
  }

  void population() {
    std::vector<Draft*> waiting;
    for (Draft& draft : drafts_) {
      if (!draft.statement || draft.from != kCustomers || draft.done) continue;
      draft.uses = check_population(draft.statement->tree().select, elsewhere(draft), bench(draft));
      waiting.push_back(&draft);
    }
    while (!waiting.empty()) {
      const auto ready = std::ranges::find_if(waiting, [&](const Draft* draft) { return is_ready(*draft, waiting); });
      if (ready == waiting.end()) break;
      Draft& draft = **ready;
      waiting.erase(ready);
      if (faultless()) note(population_set(draft));
    }
    for (Draft* draft : waiting) circle(*draft, waiting);
  }

  [[nodiscard]] bool is_ready(const Draft& draft, const std::vector<Draft*>& waiting) const {
    return std::ranges::none_of(draft.uses, [&](const AttributeUse& use) {
      return std::ranges::find(waiting, owners_.at(use.attribute)) != waiting.end();
    });
  }

  // Of the sets left waiting, only those that can reach themselves are told; the others just wait for these.
  void circle(Draft& start, const std::vector<Draft*>& waiting) {
    std::vector<const Draft*> path;
    std::vector<const Draft*> seen;
    const auto walk = [&](const auto& self, const Draft& at) -> bool {
      path.push_back(&at);
      for (const AttributeUse& use : at.uses) {
        const Draft* next = owners_.at(use.attribute);
        if (next == &start) return true;
        if (std::ranges::find(waiting, next) == waiting.end() || std::ranges::find(seen, next) != seen.end()) continue;
        seen.push_back(next);
        if (self(self, *next)) return true;
      }
      path.pop_back();
      return false;
    };
    if (!walk(walk, start)) return;
    std::string names;
    for (const Draft* step : path) names += step->file->name + " -> ";
    const Draft* next = path.size() > 1 ? path[1] : &start;
    const auto use =
        std::ranges::find_if(start.uses, [&](const AttributeUse& each) { return owners_.at(each.attribute) == next; });
    start.findings->add(use->offset, fmt::format("circular reference between sets: {}{}", names, start.file->name));
  }

  [[nodiscard]] bool faultless() const {
    return errors_.empty() && std::ranges::all_of(drafts_, [](const Draft& draft) {
             return draft.findings == nullptr || draft.findings->empty();
           });
  }

  Status population_set(Draft& draft) {
    HILO_TRY(make_scratch_table(std::string(kCustomers), flat_, scratch_));
    draft.suspicions = check_types(*draft.findings, scratch_);
    if (!draft.findings->empty()) return {};
    return add_set(draft, {.select = compile_population(draft.statement->tree().select, bench(draft))});
  }

  Status add_set(Draft& draft, CompiledSelect compiled) {
    if (!draft.findings->empty()) return {};
    HILO_ASSIGN(const std::string text, write_canonical(compiled.select, scratch_));
    const auto rows = scratch_.query(text, check_parameters_values());
    if (!rows) {
      for (const Suspicion& one : draft.suspicions) draft.findings->add(one.offset, one.message);
      if (!draft.suspicions.empty()) return {};
      const std::size_t start = draft.statement->tree().tokens.front().offset;
      draft.findings->add(
          start, "this cannot be computed for all customers: " + read_sql_error(rows.error().message, text).message);
      return {};
    }
    AttributeSet set{
        draft.file->name, draft.file->path, draft.from, {rows->columns().begin() + 1, rows->columns().end()}, text};
    if (!compiled.folds.empty()) {
      set.folded = std::move(compiled.folded);
      set.folds = std::move(compiled.folds);
    }
    for (const AttributeUse& use : draft.uses) set.depends_on.push_back(use.attribute);
    if (!compiled.past.empty()) {
      set.past = std::move(compiled.past);
      HILO_TRY(add_now(draft, set));
    }
    check_result_types(draft, set);
    flat_.insert(flat_.end(), set.columns.begin(), set.columns.end());
    program_.sets.push_back(std::move(set));
    return {};
  }

  // What of the set needs no other day: other days are made of it.
  Status add_now(Draft& draft, AttributeSet& set) {
    const Json select = without_past(draft.statement->tree().select, draft.past);
    for (const Json& item : select.at("select_list")) set.now.push_back(lower_ascii(alias_of(item)));
    if (set.now.empty()) return {};
    HILO_ASSIGN(const CompiledSelect compiled,
                compile_one_customer(select, program_.sets.size() + 1, {}, bench(draft)));
    HILO_ASSIGN(set.sql_now, write_canonical(compiled.select, scratch_));
    return {};
  }

  void note(const Status& status) {
    if (!status) errors_.push_back(status.error());
  }

  static void check_result_types(Draft& draft, const AttributeSet& set) {
    const Json& items = draft.statement->tree().select.at("select_list");
    for (std::size_t at = 0; at < set.columns.size() && at < items.size(); ++at) {
      if (is_flat_type(set.columns[at].type)) continue;
      draft.findings->add(draft.findings->alias_offset(items[at]),
                          fmt::format("'{}' is a {}: an attribute is a single value or a list", set.columns[at].name,
                                      set.columns[at].type),
                          "name its parts one by one; a TIMESTAMP has no zone");
    }
  }

  Checked<AttributeProgram> finish() {
    std::vector<Error> all = std::move(errors_);
    for (Draft& draft : drafts_) {
      if (!draft.findings) continue;
      std::ranges::move(draft.findings->take(), std::back_inserter(all));
    }
    if (all.empty()) return std::move(program_);
    std::ranges::stable_sort(all, {}, [](const Error& error) { return error.position.file; });
    return std::unexpected(std::move(all));
  }

  const std::vector<TableSchema>& schema_;
  store::Connection& scratch_;
  FunctionCatalog functions_;
  std::vector<Draft> drafts_;
  std::map<std::string, const Draft*> owners_;                        // attribute -> the first set that defines it
  std::map<const Draft*, std::map<std::string, std::string>> types_;  // of attributes that at() names
  std::set<std::string> other_days_;                                  // that calls of at() name
  std::size_t past_values_ = 0;                                       // calls of at()
  std::vector<store::Column> flat_;  // golden columns and the attributes compiled so far
  std::vector<Error> errors_;
  AttributeProgram program_;
};

}  // namespace

Checked<AttributeProgram> compile_attributes(const std::vector<DefinitionFile>& files,
                                             const std::vector<TableSchema>& schema, store::Connection& scratch) {
  auto functions = FunctionCatalog::load(scratch);
  if (!functions) return std::unexpected(std::vector{std::move(functions).error()});
  const ExactErrors exact(scratch);
  return stop_exceptions([&] { return Program(files, schema, scratch, std::move(*functions)).compile(); });
}

}  // namespace hilo::expr
