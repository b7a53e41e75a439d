// What the fold gives is what the engine gives for the same canonical text: random histories and random definitions of
// a seed, every cell compared. The unit test and the fuzz target `fold` ask it alike.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "expr/attributes.h"
#include "store/database.h"

namespace hilo::oracle {

/// 2021-09-30: some of what happens lies after it.
inline constexpr Date kDay{18'900};

/// Returns the compiled attributes of these definitions, as a store keeps them. **Errors**: kInvalidDefinition.
[[nodiscard]] Result<expr::AttributeProgram> compile(const std::vector<std::string>& definitions,
                                                     store::Connection& scratch);

/// Returns whether a fold does all of a set: no scan is left to the engine.
[[nodiscard]] bool is_folded(const expr::AttributeSet& set);

/// Returns a set's rows as text, by customer: of its canonical query, or of the query over the results of its folds.
[[nodiscard]] Result<std::vector<std::string>> rows_by_engine(store::Connection& connection,
                                                              const expr::AttributeSet& set, Date day = kDay);
[[nodiscard]] Result<std::vector<std::string>> rows_by_fold(store::Connection& connection,
                                                            const expr::AttributeSet& set, Date day = kDay);

/// Returns those who exist, some of whom have no rows.
[[nodiscard]] Result<std::vector<std::int64_t>> everybody(store::Connection& connection);

/// Folds a program as of kDay, with about so many rows of the history at a time.
[[nodiscard]] Status fold(store::Connection& connection, const expr::AttributeProgram& program,
                          std::int64_t rows_per_range = 1'000'000);

/// Judges seed after seed with one engine.
class FoldOracle {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FoldOracle>> open(int threads);

  /// Makes the seed's histories and definitions, and compares. **Errors**: kInternal, with the seed, the definition and
  /// the first rows that differ; so where the engine refuses a definition or a fold does not do all of it.
  [[nodiscard]] Status judge(std::uint64_t seed);

 private:
  FoldOracle(store::Database database, store::Connection connection, store::Database scratch_database,
             store::Connection scratch)
      : database_(std::move(database)),
        connection_(std::move(connection)),
        scratch_database_(std::move(scratch_database)),
        scratch_(std::move(scratch)) {}

  store::Database database_;
  store::Connection connection_;
  store::Database scratch_database_;
  store::Connection scratch_;
};

}  // namespace hilo::oracle
