#include "ingest/read/json_plain.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace hilo::ingest {
namespace {

constexpr std::size_t kMostNumberBytes = 100;
constexpr std::size_t kMostLevels = 4;
constexpr std::size_t kMostNestedNames = 16;

// The bytes at which a string of a plain record ends, or is none.
constexpr std::array<bool, 256> make_string_ends() {
  std::array<bool, 256> ends{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) ends[byte] = true;
  ends['"'] = true;
  ends['\\'] = true;
  return ends;
}
constexpr std::array<bool, 256> kStringEnds = make_string_ends();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

// Reads from front to back; every step returns whether all was plain so far. The record's text is the text read, so
// names and values are pieces of it; a nested value that holds spaces is written once more behind it, without them.
class PlainJsonReader {
 public:
  PlainJsonReader(std::string_view text, JsonRecord& record) : text_(text), record_(record) {}

  bool read() {
    record_.fields_.clear();
    record_.text_.assign(text_);
    skip_spaces();
    if (!take('{')) return false;
    skip_spaces();
    if (!take('}')) {
      do {
        if (!field()) return false;
        skip_spaces();
      } while (take(','));
      if (!take('}')) return false;
    }
    skip_spaces();
    return at_ == text_.size();
  }

 private:
  using Piece = JsonRecord::Piece;

  [[nodiscard]] char front() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char wanted) {
    if (front() != wanted) return false;
    ++at_;
    return true;
  }

  void skip_spaces() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
      ++spaces_;
    }
  }

  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  // A string without its quotes.
  bool string(Piece& piece) {
    if (!take('"')) return false;
    piece.at = at_;
    while (at_ < text_.size() && !kStringEnds[static_cast<unsigned char>(text_[at_])]) ++at_;
    piece.size = at_ - piece.at;
    return take('"');
  }

  bool number() {
    const std::size_t start = at_;
    take('-');
    const std::size_t whole = at_;
    while (is_digit(front())) ++at_;
    if (at_ == whole || (text_[whole] == '0' && at_ > whole + 1)) return false;
    if (take('.')) {
      const std::size_t fraction = at_;
      while (is_digit(front())) ++at_;
      if (at_ == fraction) return false;
    }
    return at_ - start <= kMostNumberBytes && front() != 'e' && front() != 'E';
  }

  bool field() {
    JsonRecord::Field field;
    skip_spaces();
    if (!string(field.name) || field.name.size == 0) return false;
    skip_spaces();
    if (!take(':')) return false;
    skip_spaces();
    switch (front()) {
      case '"':
        if (!string(field.value)) return false;
        break;
      case 'n':
        if (!take_word("null")) return false;
        field.is_null = true;
        break;
      case '{':
      case '[':
        if (!nested_field(field.value)) return false;
        break;
      default:
        field.value.at = at_;
        if (!scalar()) return false;
        field.value.size = at_ - field.value.at;
    }
    record_.fields_.push_back(field);
    return true;
  }

  bool scalar() {
    if (front() == 't') return take_word("true");
    if (front() == 'f') return take_word("false");
    if (front() == 'n') return take_word("null");
    return number();
  }

  bool nested_field(Piece& piece) {
    piece.at = at_;
    const std::size_t spaces = spaces_;
    if (!nested(1)) return false;
    piece.size = at_ - piece.at;
    if (spaces_ == spaces) return true;
    const std::string_view spaced = text_.substr(piece.at, piece.size);
    piece.at = record_.text_.size();
    bool is_string = false;
    for (const char c : spaced) {
      if (c == '"') is_string = !is_string;
      if (is_string || (c != ' ' && c != '\t' && c != '\n' && c != '\r')) record_.text_ += c;
    }
    piece.size = record_.text_.size() - piece.at;
    return true;
  }

  bool nested(std::size_t level) {
    if (level > kMostLevels) return false;
    const bool is_object = front() == '{';
    const char end = is_object ? '}' : ']';
    ++at_;
    skip_spaces();
    if (take(end)) return true;
    std::array<std::string_view, kMostNestedNames> names;
    std::size_t count = 0;
    do {
      skip_spaces();
      if (is_object) {
        Piece name;
        if (count == kMostNestedNames || !string(name)) return false;
        names[count] = text_.substr(name.at, name.size);
        for (std::size_t other = 0; other < count; ++other) {
          if (names[other] == names[count]) return false;
        }
        ++count;
        skip_spaces();
        if (!take(':')) return false;
        skip_spaces();
      }
      if (!nested_value(level)) return false;
      skip_spaces();
    } while (take(','));
    return take(end);
  }

  bool nested_value(std::size_t level) {
    Piece piece;
    if (front() == '"') return string(piece);
    return front() == '{' || front() == '[' ? nested(level + 1) : scalar();
  }

  std::string_view text_;
  JsonRecord& record_;
  std::size_t at_ = 0;
  std::size_t spaces_ = 0;  // skipped so far
};

bool parse_plain_json(std::string_view text, JsonRecord& record) { return PlainJsonReader(text, record).read(); }

}  // namespace hilo::ingest
