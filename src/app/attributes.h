// The columns of the flat table as questions: what each is, as its definition has it, and what it is computed of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/reader.h"
#include "app/workspace.h"
#include "base/time.h"
#include "expr/attribute_parts.h"
#include "store/log.h"

namespace hilo::app {

/// One column of the flat table: an attribute, or a column of the golden row.
struct Attribute {
  std::string name;
  std::string type;
  std::string unit = {};         ///< "" = not known; see `unit_of`
  std::string description = {};  ///< one line; "" = the definition has no comment
  std::string path = {};         ///< of the definition file; "" = a column of the golden row
  int line = 0;                  ///< of the file; 0 of the golden row
  std::string text = {};         ///< as it was written; of the golden row, how it comes about in words
  std::string from = {};  ///< events, items, versions or customers (over all of them); "" = a column of the golden row
  std::string comment = {};    ///< beside it in its file
  std::string section = {};    ///< above it, or above an earlier one
  std::string about = {};      ///< the first paragraph of its file's comment on top
  std::string read_from = {};  ///< its file's FROM, as it was written
  expr::AttributeParts parts = {};

  [[nodiscard]] bool is_golden() const { return path.empty(); }
};

/// The attributes of a workspace. After a run they are those of the definitions that the store was computed by, as the
/// log holds them. Before the first one, those of the files.
class AttributeDesk {
 public:
  /// **Errors**: those of Reader::open, but kNotFound; faults of the definitions; kConflict where the store has other
  /// columns than the definitions give.
  [[nodiscard]] static expr::Checked<AttributeDesk> open(const Workspace& workspace);

  /// Returns all columns of the flat table, in its order.
  [[nodiscard]] const std::vector<Attribute>& all() const { return attributes_; }
  /// Returns the attribute of that name: as it is written, in any case of letters, or in double quotes.
  /// **Errors**: kNotFound with the nearest name.
  [[nodiscard]] Result<const Attribute*> find(const std::string& name) const;
  /// Returns the attribute of exactly that name, or null.
  [[nodiscard]] const Attribute* named(const std::string& name) const;

  /// Returns the published store, or null before the first run.
  [[nodiscard]] Reader* reader() { return reader_ ? &*reader_ : nullptr; }
  /// Returns the published store. **Errors**: kNotFound before the first run.
  [[nodiscard]] Result<Reader*> published();
  [[nodiscard]] const store::Log& log() const { return log_; }
  /// Returns the definition files that differ from those that the store was computed by, by path.
  [[nodiscard]] const std::vector<std::string>& changed() const { return changed_; }

  /// Makes columns of the flat table of a day readable. Returns the name of the relation that holds them and
  /// `customer_id`. **Cost**: one flat table for another day than the default one.
  [[nodiscard]] Result<std::string> flat_table(Date day, const std::vector<std::string>& columns);

 private:
  explicit AttributeDesk(store::Log log) : log_(std::move(log)) {}
  [[nodiscard]] Status describe(const std::vector<expr::DefinitionFile>& files, const expr::AttributeProgram& program,
                                const std::vector<store::Column>& golden);
  [[nodiscard]] Status check_columns();
  [[nodiscard]] Status compile(const Workspace& workspace, std::vector<Error>& errors);

  store::Log log_;
  std::optional<Reader> reader_;
  std::vector<Attribute> attributes_;
  std::vector<std::string> changed_;
};

/// Returns what an attribute is measured in, where that can be known: days, a share or a date by its name or type,
/// currency where it sums or picks amounts of money, a number of things where it counts; "" elsewhere.
[[nodiscard]] std::string unit_of(const Attribute& attribute);

/// Renders all attributes as a page in Markdown: the golden row, then file by file.
[[nodiscard]] std::string attributes_page(const std::vector<Attribute>& attributes);

}  // namespace hilo::app
