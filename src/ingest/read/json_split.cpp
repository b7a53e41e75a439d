#include "ingest/read/json_split.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::ingest {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::size_t kStartBytes = 1024;  // what is kept of a record that is too long

// Follows one JSON value through pieces of text by its brackets and strings alone.
class ValueEnd {
 public:
  // Returns how many bytes of `text` belong to the value; fewer than all when it ends there, see `found`.
  std::size_t feed(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char c = text[at];
      if (is_string_) {
        if (std::exchange(is_escaped_, false)) continue;
        is_escaped_ = c == '\\';
        if (c != '"') continue;
        is_string_ = false;
        if (depth_ == 0) return finish(at + 1);
        continue;
      }
      switch (c) {
        case '"': is_string_ = true; break;
        case '{':
        case '[': ++depth_; break;
        case '}':
        case ']':
          if (depth_ == 0) return finish(at);  // belongs to the array around it
          if (--depth_ == 0) return finish(at + 1);
          break;
        case ',':
        case ' ':
        case '\t':
        case '\r':
        case '\n':
          if (depth_ == 0) return finish(at);  // ends a word or number
          break;
        default: break;
      }
    }
    return text.size();
  }

  [[nodiscard]] bool found() const { return found_; }

 private:
  std::size_t finish(std::size_t size) {
    found_ = true;
    return size;
  }

  std::size_t depth_ = 0;
  bool is_string_ = false;
  bool is_escaped_ = false;
  bool found_ = false;
};

class LineSplitter final : public JsonSplitter {
 public:
  LineSplitter(TextWindow window, std::size_t limit) : window_(std::move(window)), limit_(limit) {}

  [[nodiscard]] bool survives_malformed() const override { return true; }

  Result<std::optional<JsonText>> next() override {
    while (true) {
      window_.consume(std::exchange(used_, 0));
      std::size_t end = window_.view().find('\n');
      for (std::size_t seen = 0; end == std::string_view::npos && !window_.ended() && seen <= limit_;) {
        seen = window_.view().size();
        HILO_TRY(window_.more());
        end = window_.view().find('\n', seen);
      }
      const std::string_view line = window_.view().substr(0, end);
      if (line.empty() && end == std::string_view::npos) return std::nullopt;
      ++line_;
      if (line.size() > limit_) return skip_long(line);
      used_ = line.size() + (end == std::string_view::npos ? 0 : 1);
      if (const std::string_view text = trim(line); !text.empty()) return JsonText{text, line_, false};
    }
  }

 private:
  Result<std::optional<JsonText>> skip_long(std::string_view line) {
    start_ = line.substr(0, std::min(limit_, kStartBytes));
    std::size_t end = window_.view().find('\n');
    while (end == std::string_view::npos && !window_.ended()) {
      window_.consume(window_.view().size());
      HILO_TRY(window_.more());
      end = window_.view().find('\n');
    }
    window_.consume(std::min(window_.view().size(), end == std::string_view::npos ? end : end + 1));
    return JsonText{start_, line_, true};
  }

  TextWindow window_;
  std::size_t limit_;
  std::string start_;  // of a record that is too long
  std::size_t used_ = 0;
  std::int64_t line_ = 0;
};

enum class Around : std::uint8_t { kArray, kNothing };

// Values in an array, or one after the other with only white space between them.
class ValueSplitter final : public JsonSplitter {
 public:
  ValueSplitter(TextWindow window, std::string name, std::size_t limit, Around around)
      : window_(std::move(window)), name_(std::move(name)), limit_(limit), around_(around) {}

  [[nodiscard]] bool survives_malformed() const override { return false; }

  Result<std::optional<JsonText>> next() override {
    window_.consume(std::exchange(used_, 0));
    if (closed_) return std::nullopt;
    HILO_ASSIGN(char first, next_character());
    if (around_ == Around::kArray) {
      HILO_ASSIGN(first, enter_element(first));
      if (closed_) return std::nullopt;
    }
    if (first == '\0' && window_.view().empty()) {
      closed_ = true;
      return std::nullopt;
    }
    ++record_;
    return take_value(around_ == Around::kArray ? 0 : line_);
  }

 private:
  // Skips white space and returns the byte that follows, or NUL at the end of the text.
  Result<char> next_character() {
    while (true) {
      const std::string_view text = window_.view();
      const std::size_t at = std::min(text.find_first_not_of(kSpaces), text.size());
      line_ += std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
      window_.consume(at);
      if (at < text.size()) return text[at];
      if (window_.ended()) return '\0';
      HILO_TRY(window_.more());
    }
  }

  // Reads what stands before an element, whose first byte it returns, or the array's end, where it sets `closed_`.
  Result<char> enter_element(char first) {
    const bool is_first = !std::exchange(entered_, true);
    if (is_first) {  // the text starts with the bracket, as split_json saw
      window_.consume(1);
      HILO_ASSIGN(first, next_character());
    }
    if (first == ']') {
      window_.consume(1);
      closed_ = true;
      HILO_ASSIGN(const char after, next_character());
      if (after != '\0' || !window_.view().empty()) {
        return bad(fmt::format("something follows the end of the array, after record {}", record_));
      }
      return '\0';
    }
    if (!is_first) {
      if (window_.view().empty()) return truncated();
      if (first != ',') return bad(fmt::format("no comma after record {}", record_));
      window_.consume(1);
      HILO_ASSIGN(first, next_character());
      if (first == ']') return bad(fmt::format("a comma after the last record, {}", record_));
    }
    if (window_.view().empty()) return truncated();
    if (first == ',' || first == '}') return bad(fmt::format("'{}' in the place of record {}", first, record_ + 1));
    return first;
  }

  Result<std::optional<JsonText>> take_value(std::int64_t line) {
    ValueEnd end;
    std::size_t size = end.feed(window_.view());
    while (!end.found() && !window_.ended() && size <= limit_) {
      HILO_TRY(window_.more());
      size += end.feed(window_.view().substr(size));
    }
    if (!end.found() && window_.ended() && (size > 0) && !is_word_at_end(size)) return truncated();
    const std::string_view text = window_.view().substr(0, size);
    if (size > limit_) return skip_long(end, text, line);
    line_ += std::count(text.begin(), text.end(), '\n');
    used_ = size;
    // A bracket that closes nothing: given as it is, the parser says what is wrong with it.
    if (size == 0) return JsonText{window_.view().substr(0, 1), line, false};
    return JsonText{text, line, false};
  }

  // A bare word may end with the text when no array is around it.
  [[nodiscard]] bool is_word_at_end(std::size_t size) const {
    const std::string_view text = window_.view().substr(0, size);
    return around_ == Around::kNothing && text.find_first_of("{[\"") == std::string_view::npos;
  }

  Result<std::optional<JsonText>> skip_long(ValueEnd end, std::string_view text, std::int64_t line) {
    start_ = text.substr(0, std::min(limit_, kStartBytes));
    line_ += std::count(text.begin(), text.end(), '\n');
    window_.consume(text.size());
    while (!end.found()) {
      if (window_.view().empty() && window_.ended()) return truncated();
      if (window_.view().empty()) HILO_TRY(window_.more());
      const std::string_view rest = window_.view().substr(0, end.feed(window_.view()));
      line_ += std::count(rest.begin(), rest.end(), '\n');
      window_.consume(rest.size());
    }
    return JsonText{start_, line, true};
  }

  [[nodiscard]] std::unexpected<Error> bad(const std::string& what) const {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is not well-formed JSON: {}", name_, what),
                "write one JSON object per line, so that a bad one costs only itself");
  }
  [[nodiscard]] std::unexpected<Error> truncated() const {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is truncated: it ends before the end of {}", name_,
                            around_ == Around::kArray ? fmt::format("its JSON array, at record {}", record_)
                                                      : fmt::format("its record {}", record_)));
  }

  TextWindow window_;
  std::string name_;
  std::size_t limit_;
  Around around_;
  std::string start_;  // of a record that is too long
  std::size_t used_ = 0;
  std::int64_t record_ = 0;
  std::int64_t line_ = 1;
  bool entered_ = false;
  bool closed_ = false;
};

// Whether an object that opens in `line` goes on in `next_line`: it is open there, and that is not a record of its own
// after one that was cut off.
bool goes_on(std::string_view line, std::string_view next_line) {
  ValueEnd end;
  end.feed(line);
  if (end.found() || next_line.empty()) return false;
  return next_line.front() != '{' || line.back() == '[' || line.back() == ':';
}

}  // namespace

Result<std::unique_ptr<JsonSplitter>> split_json(TextWindow window, std::string name, std::size_t max_record_bytes) {
  // Blank lines before the first record stay in the window: they count as lines.
  while (true) {
    // One byte past the limit and no more, so that the outcome does not depend on how much was read ahead.
    const std::string_view text = window.view().substr(0, max_record_bytes + 1);
    const std::size_t first = text.find_first_not_of(kSpaces);
    const bool is_cut = text.size() > max_record_bytes;
    const bool whole = window.ended() || is_cut;
    if (first == std::string_view::npos) {
      if (is_cut) return fail(ErrorCode::kInvalidInput, fmt::format("{} starts with nothing but white space", name));
      if (whole) return fail(ErrorCode::kInvalidInput, fmt::format("{} is empty", name));
    } else if (text[first] == '[') {
      return std::make_unique<ValueSplitter>(std::move(window), std::move(name), max_record_bytes, Around::kArray);
    } else {
      const std::size_t line_end = text.find('\n', first);
      const std::size_t second =
          line_end == std::string_view::npos ? line_end : text.find_first_not_of(kSpaces, line_end);
      if (second != std::string_view::npos || whole) {
        const std::string_view line = trim(text.substr(first, line_end - first));
        const std::string_view next_line = second == std::string_view::npos ? "" : text.substr(second);
        if (!line.empty() && line.front() == '{' && goes_on(line, next_line)) {
          return std::make_unique<ValueSplitter>(std::move(window), std::move(name), max_record_bytes,
                                                 Around::kNothing);
        }
        return std::make_unique<LineSplitter>(std::move(window), max_record_bytes);
      }
    }
    HILO_TRY(window.more());
  }
}

}  // namespace hilo::ingest
