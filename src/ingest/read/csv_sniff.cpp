#include "ingest/read/csv_sniff.h"

#include <array>
#include <cstddef>
#include <vector>

namespace hilo::ingest {
namespace {

constexpr std::string_view kCandidates = ",;\t|";
using Counts = std::array<std::size_t, kCandidates.size()>;

// Counts the candidates in every record. A quote opens at the start of a line or after any candidate.
std::vector<Counts> count_by_record(std::string_view sample, char quote, bool is_whole) {
  std::vector<Counts> records;
  Counts counts{};
  bool is_quoted = false;
  bool at_cell_start = true;
  bool is_blank = true;
  for (const char byte : sample) {
    if (is_quoted) {
      // A doubled quote closes and, standing at a "cell start" again, opens.
      if (byte == quote) {
        is_quoted = false;
        at_cell_start = true;
      }
      continue;
    }
    if (byte == '\n' || byte == '\r') {
      if (!is_blank) records.push_back(counts);
      counts = {};
      is_blank = at_cell_start = true;
      continue;
    }
    is_blank = false;
    if (byte == quote && at_cell_start) {
      is_quoted = true;
      continue;
    }
    const std::size_t candidate = kCandidates.find(byte);
    at_cell_start = candidate != std::string_view::npos;
    if (at_cell_start) ++counts[candidate];
  }
  if (!is_blank && !is_quoted && (is_whole || records.empty())) records.push_back(counts);
  return records;
}

}  // namespace

char sniff_delimiter(std::string_view sample, char quote, bool is_whole) {
  const std::vector<Counts> records = count_by_record(sample, quote, is_whole);
  std::size_t best = kCandidates.front() == quote ? 1 : 0;
  if (records.empty()) return kCandidates[best];
  std::size_t best_equal = 0;
  for (std::size_t candidate = 0; candidate < kCandidates.size(); ++candidate) {
    const std::size_t expected = records.front()[candidate];
    if (expected == 0 || kCandidates[candidate] == quote) continue;
    std::size_t equal = 0;
    for (const Counts& counts : records) equal += counts[candidate] == expected ? 1 : 0;
    const bool is_better = equal > best_equal || (equal == best_equal && expected > records.front()[best]);
    if (is_better) {
      best = candidate;
      best_equal = equal;
    }
  }
  return kCandidates[best];
}

}  // namespace hilo::ingest
