// The steps of a fold's program, computed over whole columns.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "timeline/fold/values.h"

namespace hilo::timeline {

/// Computes a program's steps over one history, batch by batch.
class Evaluation {
 public:
  /// `columns`: those that the program reads; `constants`: one value each. **Requires**: all outlive this.
  Evaluation(const expr::FoldScan& program, const std::vector<Values>& constants, std::vector<const Values*> columns)
      : program_(program),
        constants_(constants),
        columns_(std::move(columns)),
        made_(program.steps.size()),
        slices_(program.steps.size()),
        texts_in_(program.steps.size()),
        last_rows_(program.steps.size()) {}

  /// Computes all steps for the rows of some customers: `starts` has the first row of each, and where the last ends.
  /// **Requires**: rows after those of the calls before. Views hold until the next call.
  void compute(std::span<const std::size_t> starts);
  [[nodiscard]] const Slice& step(int number) const { return slices_[static_cast<std::size_t>(number)]; }

 private:
  void compute_step(std::size_t number);
  void compute_truths(std::size_t number, Values& out);
  void compute_values(std::size_t number, Values& out);
  void compute_any(std::size_t number, Values& out);
  void text_in(std::size_t number, Values& out);
  void choose(const expr::FoldStep& step, Values& out);
  void lag(std::size_t number, Values& out);
  void running(const expr::FoldStep& step, Values& out);
  [[nodiscard]] const Slice& input(const expr::FoldStep& step, std::size_t which) const {
    return slices_[static_cast<std::size_t>(step.inputs[which])];
  }

  const expr::FoldScan& program_;
  const std::vector<Values>& constants_;
  std::vector<const Values*> columns_;
  std::span<const std::size_t> starts_;
  std::size_t begin_ = 0;  // the batch's first row
  std::size_t rows_ = 0;
  std::vector<Values> made_;  // by step, as what follows
  std::vector<Slice> slices_;
  std::vector<std::vector<std::uint8_t>> texts_in_;     // by code + 1, of text tests
  std::vector<std::vector<std::ptrdiff_t>> last_rows_;  // by code + 1, of lags; -1 = none yet
};

}  // namespace hilo::timeline
