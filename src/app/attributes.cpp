#include "app/attributes.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "app/check.h"
#include "base/text.h"
#include "expr/written_attributes.h"
#include "store/log_view.h"
#include "timeline/flat_table.h"
#include "timeline/schema.h"

namespace hilo::app {
namespace {

using store::quote_name;

bool is_consent(const std::string& name) { return name.starts_with("consent_"); }

// How a column of the golden row comes about.
std::string golden_words(const std::string& name) {
  static const std::map<std::string, std::string> kWords = {
      {"customer_id", "the id that the customer's records share"},
      {"customer_since", "the day of the first thing known of the customer: a version or an event"},
      {"records", "how many records of sources are this customer"},
  };
  if (const auto words = kWords.find(name); words != kWords.end()) return words->second;
  if (is_consent(name)) return "the latest word of each record; a no of any of them is a no";
  return "the latest value that any record tells; of two at one time, that of the source with the lower rank";
}

// What a column of the golden row takes its value from: the versions that tell one.
std::vector<expr::CountedRows> golden_rows(const std::string& name) {
  if (name == "customer_id" || name == "customer_since" || name == "records") return {};
  const std::string quoted = quote_name(name);
  return {{.function = is_consent(name) ? "bool_and" : "last",
           .text = quoted + " of the versions that tell one",
           .table = "versions",
           .relation = "versions",
           .where = {},
           .argument = quoted,
           .measures = {name},
           .rows_sql = fmt::format("select *, {0} as _counted from versions where {0} is not null", quoted),
           .decider_sql = {}}};
}

std::vector<std::string> changed_files(const DefinitionTexts& files, const DefinitionTexts& held) {
  std::vector<std::string> changed;
  const auto differs = [&](const DefinitionTexts& one, const DefinitionTexts& other) {
    for (const auto& [path, text] : one) {
      const auto found = other.find(path);
      if (path.starts_with("attributes/") && (found == other.end() || found->second != text)) changed.push_back(path);
    }
  };
  differs(files, held);
  differs(held, files);
  std::ranges::sort(changed);
  changed.erase(std::ranges::unique(changed).begin(), changed.end());
  return changed;
}

// The definitions that were in force when the log's run was published: a later one may be in the log already.
DefinitionTexts definitions_until(const store::Log& log, int run) {
  DefinitionTexts texts;
  for (const store::LogEntry& entry : log.entries()) {
    if (entry.run <= run && entry.definitions) texts = *entry.definitions;
  }
  return texts;
}

std::vector<expr::DefinitionFile> attribute_files(const DefinitionTexts& texts) {
  std::vector<expr::DefinitionFile> files;
  for (const auto& [path, text] : texts) {
    if (path.starts_with("attributes/"))
      files.push_back({.path = path, .name = std::filesystem::path(path).stem().string(), .text = text});
  }
  return files;
}

}  // namespace

Status AttributeDesk::describe(const std::vector<expr::DefinitionFile>& files, const expr::AttributeProgram& program,
                               const std::vector<store::Column>& golden) {
  for (const store::Column& column : golden) {
    Attribute attribute{.name = column.name, .type = column.type, .text = golden_words(column.name)};
    attribute.description = attribute.text;
    attribute.parts = {.name = column.name, .canonical = {}, .uses = {}, .counted = golden_rows(column.name)};
    attributes_.push_back(std::move(attribute));
  }
  HILO_ASSIGN(store::Database database, store::Database::open("", {.threads = 1}));
  HILO_ASSIGN(store::Connection scratch, database.connect());
  for (const expr::AttributeSet& set : program.sets) {
    const auto file = std::ranges::find(files, set.path, &expr::DefinitionFile::path);
    HILO_CHECK(file != files.end());
    HILO_ASSIGN(const expr::WrittenDefinition written, expr::read_written(*file, scratch));
    HILO_ASSIGN(std::vector<expr::AttributeParts> parts, expr::attribute_parts(set, scratch));
    for (std::size_t at = 0; at < set.columns.size(); ++at) {
      const expr::WrittenAttribute& item = written.attributes.at(at);
      Attribute attribute{.name = set.columns[at].name,
                          .type = set.columns[at].type,
                          .path = set.path,
                          .line = item.line,
                          .text = item.text.empty() ? parts[at].canonical : item.text,
                          .from = set.from,
                          .comment = item.comment,
                          .section = item.section,
                          .about = written.about,
                          .read_from = written.read_from,
                          .parts = std::move(parts[at])};
      for (const std::string* words : {&attribute.comment, &attribute.section, &attribute.about}) {
        if (attribute.description.empty()) attribute.description = *words;
      }
      attributes_.push_back(std::move(attribute));
    }
  }
  for (Attribute& attribute : attributes_) attribute.unit = unit_of(attribute);
  return {};
}

Status AttributeDesk::check_columns() {
  HILO_ASSIGN(const std::vector<store::Column> columns, reader_->connection().describe("select * from customers"));
  const bool same = std::ranges::equal(columns, attributes_, {}, &store::Column::name, &Attribute::name);
  if (same) return {};
  return fail(ErrorCode::kConflict, "the store was computed by other definitions than the log holds",
              "Run `hilo rebuild`.");
}

Status AttributeDesk::compile(const Workspace& workspace, std::vector<Error>& errors) {
  HILO_ASSIGN(const DefinitionTexts texts, workspace.read_definitions());
  const bool has_run = reader_.has_value() && !log_.empty();
  if (!has_run) {
    const auto checked = check_workspace(workspace, texts, log_);
    if (!checked) {
      errors = checked.error();
      return {};
    }
    const std::vector<expr::TableSchema> schema = timeline::attribute_schema(store::log_columns(log_));
    return describe(checked->definitions.attributes, checked->program, schema.back().columns);
  }
  HILO_ASSIGN(const std::int64_t run, reader_->connection().query_integer("select log_run from meta"));
  const auto last_run = static_cast<int>(run);
  const DefinitionTexts held = definitions_until(log_, last_run);
  const std::vector<expr::TableSchema> schema = timeline::attribute_schema(store::log_columns_until(log_, last_run));
  const std::vector<expr::DefinitionFile> files = attribute_files(held);
  changed_ = changed_files(texts, held);
  HILO_TRY(describe(files, reader_->past().table().program, schema.back().columns));
  return check_columns();
}

expr::Checked<AttributeDesk> AttributeDesk::open(const Workspace& workspace) {
  // The store first: a run that ends meanwhile adds to the log what it does not need.
  auto reader = Reader::open(workspace);
  auto log = store::Log::open(workspace.log_folder());
  if (!log) return one_error(log.error());
  AttributeDesk desk(std::move(*log));
  if (reader) {
    desk.reader_ = std::move(*reader);
  } else if (reader.error().code != ErrorCode::kNotFound || !desk.log_.empty()) {
    return one_error(reader.error());
  }
  std::vector<Error> errors;
  if (const Status compiled = desk.compile(workspace, errors); !compiled) return one_error(compiled.error());
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return desk;
}

const Attribute* AttributeDesk::named(const std::string& name) const {
  const auto found = std::ranges::find(attributes_, name, &Attribute::name);
  return found == attributes_.end() ? nullptr : &*found;
}

Result<const Attribute*> AttributeDesk::find(const std::string& name) const {
  if (const Attribute* exact = named(name)) return exact;
  std::string wanted = lower_ascii(trim(name));
  if (wanted.size() > 2 && wanted.starts_with('"') && wanted.ends_with('"'))
    wanted = wanted.substr(1, wanted.size() - 2);
  std::vector<std::string> names;
  for (const Attribute& attribute : attributes_) {
    if (lower_ascii(attribute.name) == wanted) return &attribute;
    names.push_back(attribute.name);
  }
  return fail(ErrorCode::kNotFound, fmt::format("there is no attribute '{}'{}", name, did_you_mean(wanted, names)),
              changed_.empty() ? "`hilo attribute list` names them."
                               : fmt::format("{} changed since the last run: `hilo run` computes what is new.",
                                             join(changed_, ", ")));
}

Result<Reader*> AttributeDesk::published() {
  if (reader_) return &*reader_;
  return fail(ErrorCode::kNotFound, "there is no store yet", "Run `hilo run` first.");
}

Result<std::string> AttributeDesk::flat_table(Date day, const std::vector<std::string>& columns) {
  if (day == reader_->default_day()) return "main.customers";
  std::vector<std::string> needed = {"customer_id"};
  std::ranges::copy_if(columns, std::back_inserter(needed),
                       [](const std::string& name) { return name != "customer_id"; });
  HILO_TRY(reader_->write_customers(day, needed, "attributes_of_day"));
  return "temp.attributes_of_day";
}

}  // namespace hilo::app
