#include "app/byte_scan.h"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "base/text.h"

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = 4 << 20;

bool is_letter_or_digit(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || static_cast<unsigned char>(byte) >= 0x80;
}

bool may_continue_before(char byte) {
  return is_letter_or_digit(byte) || byte == '.' || byte == '_' || byte == '-' || byte == '+';
}

bool may_continue_behind(char byte) { return is_letter_or_digit(byte) || byte == '_' || byte == '-'; }

// A part of a file: whether the file goes on at either end.
struct Block {
  std::string_view bytes;
  bool first;
  bool last;
};

// ana@ruiz.es does not stand in joana@ruiz.es. What touches an end behind which the file goes on is for the
// neighbouring block to find, which holds all of it.
bool holds_word(const Block& block, std::string_view text) {
  for (std::size_t at = block.bytes.find(text); at != std::string_view::npos; at = block.bytes.find(text, at + 1)) {
    const std::size_t end = at + text.size();
    const bool starts = at == 0 ? block.first : !may_continue_before(block.bytes[at - 1]);
    const bool ends = end == block.bytes.size() ? block.last : !may_continue_behind(block.bytes[end]);
    if (starts && ends) return true;
  }
  return false;
}

enum class Scan : std::uint8_t { kFound, kAbsent, kUnread };

// Reads block by block; each begins with the end of the one before, so that no text is cut.
Scan scan(const fs::path& path, const std::vector<std::string>& texts, std::size_t longest) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Scan::kUnread;
  std::string block;
  for (bool first = true; file; first = false) {
    const std::size_t kept = block.size();
    block.resize(kept + kBlockBytes);
    file.read(block.data() + kept, static_cast<std::streamsize>(kBlockBytes));
    block.resize(kept + static_cast<std::size_t>(file.gcount()));
    if (file.bad()) return Scan::kUnread;
    block = lower_ascii(block);
    for (const std::string& text : texts) {
      if (holds_word({.bytes = block, .first = first, .last = file.eof()}, text)) return Scan::kFound;
    }
    block.erase(0, block.size() - std::min(block.size(), longest + 1));
  }
  return Scan::kAbsent;
}

}  // namespace

BytesFound find_bytes(const fs::path& folder, const std::vector<std::string>& texts) {
  BytesFound found;
  if (texts.empty()) return found;
  const std::size_t longest = std::ranges::max(texts, {}, &std::string::size).size();
  std::error_code failure;
  constexpr auto kOptions = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(folder, kOptions, failure), end; at != end && !failure;
       at.increment(failure)) {
    std::error_code unknown;
    if (at->is_symlink(unknown) || !at->is_regular_file(unknown)) continue;
    const Scan result = scan(at->path(), texts, longest);
    if (result == Scan::kFound) found.files.push_back(at->path());
    if (result == Scan::kUnread) found.unread.push_back(at->path());
  }
  std::ranges::sort(found.files);
  std::ranges::sort(found.unread);
  return found;
}

}  // namespace hilo::app
