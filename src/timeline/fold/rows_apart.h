// What a window knows of the rows before, for each value that keeps rows apart.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "timeline/fold/values.h"

namespace hilo::timeline {

class RowsApart {
 public:
  struct Known {
    std::ptrdiff_t row = -1;  ///< of the table, that was seen last; of an earlier customer it is none of this one's
    std::int64_t number = 0;
  };

  /// Makes room for what a batch of a column holds; nullptr = nothing keeps rows apart.
  void prepare(const Slice* key) {
    const bool texts = key != nullptr && key->texts != nullptr;
    by_code_.resize(std::max(by_code_.size(), texts ? key->texts->size() + 1 : 1));  // null, or all, comes first
  }
  /// Returns what is known of the rows with the key of one.
  Known& of(const Slice* key, std::size_t row) {
    if (key == nullptr) return by_code_.front();
    const std::size_t at = key->at(row);
    if (key->codes != nullptr) return by_code_[static_cast<std::size_t>(std::int64_t{key->codes[at]} + 1)];
    if (key->is_null(row)) return by_code_.front();
    return by_number_[key->truths != nullptr ? key->truths[at] : key->integers[at]];
  }

 private:
  std::vector<Known> by_code_;
  std::unordered_map<std::int64_t, Known> by_number_;
};

}  // namespace hilo::timeline
