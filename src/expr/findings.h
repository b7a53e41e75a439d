// The faults found in one definition, collected so that one check tells them all.
#pragma once

#include <string>
#include <vector>

#include "expr/parse_tree.h"

namespace hilo::expr {

class Findings {
 public:
  explicit Findings(const Statement::Tree& tree) : tree_(tree) {}

  /// Records a fault at a byte offset of the text; kNoOffset = the file as a whole. The same fault at one place counts
  /// once.
  void add(std::size_t offset, std::string message, std::string advice = {});
  [[nodiscard]] bool empty() const { return errors_.empty(); }
  [[nodiscard]] std::size_t size() const { return errors_.size(); }
  /// Returns the faults in the order of their places and forgets them.
  [[nodiscard]] std::vector<Error> take();

  [[nodiscard]] const Statement::Tree& tree() const { return tree_; }
  /// Returns where the name of a select item stands in the text: its alias, else the expression's first place.
  [[nodiscard]] std::size_t alias_offset(const Json& item) const;

 private:
  const Statement::Tree& tree_;
  std::vector<Error> errors_;
};

/// Records every parameter that is not `$as_of` or `$day`. `allowed` = false: no parameter may stand there at all.
void check_parameters(Findings& findings, bool allowed);

}  // namespace hilo::expr
