// The check of types: the engine itself runs the definition as written, over tables without data.
#pragma once

#include <string>
#include <vector>

#include "expr/findings.h"

namespace hilo::expr {

/// Replaces a table of `scratch` by one of the given columns that holds one row of NULLs.
[[nodiscard]] Status make_scratch_table(const std::string& name, const std::vector<store::Column>& columns,
                                        store::Connection& scratch);

/// Makes the engine tell places exactly while it lives: sets and resets its setting errors_as_json.
class ExactErrors {
 public:
  explicit ExactErrors(store::Connection& connection);
  ~ExactErrors();
  ExactErrors(const ExactErrors&) = delete;
  ExactErrors& operator=(const ExactErrors&) = delete;

 private:
  store::Connection& connection_;
};

/// Returns a definition's text with the types of its parameters written out: the engine can then tell its columns'
/// types without running it.
[[nodiscard]] std::string with_typed_parameters(std::string_view text);

/// The values that definitions are checked with.
[[nodiscard]] const store::Parameters& check_parameters_values();

/// A fault that the definition as written has when it runs: one only where its canonical form has it too, since that
/// turns what raises into null.
struct Suspicion {
  std::size_t offset;
  std::string message;
};

/// Runs the definition as written, over one row of NULLs, and records what the engine refuses to compile: one fault per
/// select item at most. Returns what failed at run time.
[[nodiscard]] std::vector<Suspicion> check_types(Findings& findings, store::Connection& scratch);

}  // namespace hilo::expr
