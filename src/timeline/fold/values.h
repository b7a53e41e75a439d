// Columns as a fold holds them: a slice of a table's, or what a step made of such.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "expr/fold/program.h"

namespace hilo::timeline {

/// The distinct texts of a column, each by a number.
class Texts {
 public:
  static constexpr std::int32_t kNull = -1;

  std::int32_t code_of(std::string_view text) {
    Recent& recent = recent_[slot_of(text)];
    if (recent.text == text && recent.code != kNull) return recent.code;
    const auto found = codes_.find(text);
    if (found != codes_.end()) {
      recent = {found->first, found->second};
    } else {
      const auto code = static_cast<std::int32_t>(texts_.size());
      bytes_ += text.size() + kBytesBeside;
      recent = {texts_.emplace_back(text), code};
      codes_.emplace(recent.text, code);
    }
    return recent.code;
  }
  [[nodiscard]] std::string_view text(std::int32_t code) const { return texts_[static_cast<std::size_t>(code)]; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }  ///< about

 private:
  // A column says few texts over and over: those seen last are found without the map.
  struct Recent {
    std::string_view text;
    std::int32_t code = kNull;
  };
  static std::size_t slot_of(std::string_view text) {
    if (text.empty()) return 0;
    const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(text[at])); };
    return (text.size() + 7 * byte(0) + 13 * byte(text.size() / 2) + 31 * byte(text.size() - 1)) % kSlots;
  }

  static constexpr std::size_t kSlots = 256;
  static constexpr std::size_t kBytesBeside = 100;  // of a text and its place in the map
  std::size_t bytes_ = 0;
  std::array<Recent, kSlots> recent_ = {};
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, std::int32_t> codes_;
};

/// A truth value of SQL. In this order AND is the least, OR the greatest, and NOT `2 - x`.
enum Truth : std::uint8_t { kFalse = 0, kUnknown = 1, kTrue = 2 };

/// Values of consecutive rows. One of the pointers is set, by `type`; the rest is null.
struct Slice {
  expr::FoldType type = expr::FoldType::kInteger;
  bool same = false;                     ///< one value for all rows
  const std::uint8_t* truths = nullptr;  ///< Truth
  const std::int64_t* integers = nullptr;
  const double* reals = nullptr;
  const std::int32_t* codes = nullptr;  ///< Texts::kNull = null
  const std::uint8_t* nulls = nullptr;  ///< 1 = null; of integers and reals, nullptr = none is
  const Texts* texts = nullptr;

  [[nodiscard]] std::size_t at(std::size_t row) const { return same ? 0 : row; }
  [[nodiscard]] bool is_null(std::size_t row) const {
    if (truths != nullptr) return truths[at(row)] == kUnknown;
    if (codes != nullptr) return codes[at(row)] == Texts::kNull;
    return nulls != nullptr && nulls[at(row)] != 0;
  }
};

/// Values that somebody owns.
struct Values {
  expr::FoldType type = expr::FoldType::kInteger;
  bool same = false;
  bool has_nulls = false;
  std::vector<std::uint8_t> truths = {};
  std::vector<std::int64_t> integers = {};
  std::vector<double> reals = {};
  std::vector<std::int32_t> codes = {};
  std::vector<std::uint8_t> nulls = {};
  const Texts* texts = nullptr;

  [[nodiscard]] std::size_t rows() const {
    return truths.size() + integers.size() + reals.size() + codes.size();  // one of them has values
  }
  /// Makes room for the values of so many rows, and their nulls where they are kept apart.
  void resize(std::size_t rows);
  /// Views them from a row on.
  [[nodiscard]] Slice slice(std::size_t begin = 0) const;
  /// Gives a row the value of another column's row, or none. **Requires**: of texts, the other has the same.
  void copy(const Slice& from, std::size_t from_row, std::size_t row);
  void put_null(std::size_t row);
};

}  // namespace hilo::timeline
