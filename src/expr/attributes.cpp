#include "expr/attributes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "expr/one_customer.h"
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
    for (Draft& draft : drafts_) {
      if (draft.statement && draft.from != kCustomers) one_customer(draft);
    }
    population();
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
    draft.statement = std::move(*statement);
    const Statement::Tree& tree = draft.statement->tree();
    draft.findings = std::make_unique<Findings>(tree);
    check_parameters(*draft.findings, true);
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
    draft.from = check_one_customer(select, elsewhere(draft), work);
    if (draft.findings->empty()) draft.suspicions = check_types(*draft.findings, scratch_);
    if (!draft.findings->empty()) return;
    Result<CompiledSelect> compiled = compile_one_customer(select, program_.sets.size() + 1, work);
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
    HILO_ASSIGN(const std::string text, write_select(compiled.select, scratch_));
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
    check_result_types(draft, set);
    flat_.insert(flat_.end(), set.columns.begin(), set.columns.end());
    program_.sets.push_back(std::move(set));
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
  std::map<std::string, const Draft*> owners_;  // attribute -> the first set that defines it
  std::vector<store::Column> flat_;             // golden columns and the attributes compiled so far
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
