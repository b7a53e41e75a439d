// The steps of a fold's program, computed over whole columns.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "timeline/fold/rows_apart.h"
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
        texts_made_(program.steps.size()),
        apart_(program.steps.size()) {}

  /// Computes all steps for the rows of some customers: `starts` has the first row of each, and where the last ends.
  /// **Requires**: rows after those of the calls before. Views hold until the next call.
  void compute(std::span<const std::size_t> starts);
  /// Returns the texts that were made on the way. No call of `compute` may follow.
  [[nodiscard]] std::vector<std::shared_ptr<const Texts>> take_texts();
  [[nodiscard]] const Slice& step(int number) const { return slices_[static_cast<std::size_t>(number)]; }

 private:
  // Texts of several columns, as numbers of one.
  struct TextsMade {
    std::shared_ptr<Texts> texts = {};
    std::map<const Texts*, std::vector<std::int32_t>> codes = {};  // of a column's code, kNull = not seen yet
  };
  void compute_step(std::size_t number);
  void compute_truths(std::size_t number, Values& out);
  void compute_values(std::size_t number, Values& out);
  void compute_any(std::size_t number, Values& out);
  void text_in(std::size_t number, Values& out);
  void choose(const expr::FoldStep& step, Values& out);
  void choose_texts(std::size_t number, Values& out);
  [[nodiscard]] std::size_t chosen(const expr::FoldStep& step, std::size_t row) const;
  void compute_calendar(const expr::FoldStep& step, Values& out);
  // Windows; in windows.cpp.
  void value_of_other_row(std::size_t number, Values& out);
  void running(std::size_t number, Values& out);
  void running_count(std::size_t number, Values& out);
  [[nodiscard]] const Slice* key_of(const expr::FoldStep& step, std::size_t which) const {
    return step.inputs.size() > which ? &input(step, which) : nullptr;
  }
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
  std::vector<std::vector<std::uint8_t>> texts_in_;  // by code + 1, of text tests
  std::vector<TextsMade> texts_made_;
  std::vector<RowsApart> apart_;  // of windows
};

}  // namespace hilo::timeline
