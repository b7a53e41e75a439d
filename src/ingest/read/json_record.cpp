#include "ingest/read/json_record.h"

#include <algorithm>
#include <exception>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "ingest/read/json_plain.h"
#include "ingest/read/suspect_bytes.h"

namespace hilo::ingest {
namespace {

// A long double reaches to 1e4932, so that large numbers pass; their text is taken, never their value.
using WideJson =
    nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, long double>;

constexpr char kHexDigits[] = "0123456789abcdef";

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHexDigits[static_cast<unsigned char>(c) >> 4U];
          out += kHexDigits[static_cast<unsigned char>(c) & 0x0FU];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// "[json.exception.parse_error.101] parse error at line 1, column 9: syntax error while parsing value - invalid
// literal; last read: '"a":x'; expected ..." without where (we know the place) and without what was read (it is the
// input's).
std::string message_without_input(std::string_view message) {
  if (const std::size_t place = message.find("syntax error while parsing "); place != std::string_view::npos) {
    message.remove_prefix(place);
  }
  return std::string(message.substr(0, message.find("; last read: ")));
}

}  // namespace

// Receives the parser's events. Notes the first thing that makes the record unfit and goes on, so that the rest is
// still known to be JSON. Depth 1 is the inside of the record's own object.
class JsonRecordBuilder {
 public:
  using number_integer_t = WideJson::number_integer_t;
  using number_unsigned_t = WideJson::number_unsigned_t;
  using number_float_t = WideJson::number_float_t;
  using string_t = WideJson::string_t;
  using binary_t = WideJson::binary_t;

  explicit JsonRecordBuilder(JsonRecord& record) : record_(record) {
    record_.text_.clear();
    record_.fields_.clear();
  }

  [[nodiscard]] const std::string& unfit() const { return unfit_; }
  [[nodiscard]] const std::string& malformed() const { return malformed_; }

  bool null() {
    if (depth_ == 1) {
      record_.fields_.back().is_null = true;
    } else {
      literal("null");
    }
    return true;
  }
  bool boolean(bool value) { return literal(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) {
    return literal(value == 0 ? "-0" : fmt::format_int(value).str());  // only what starts with a minus comes here
  }
  bool number_unsigned(number_unsigned_t value) { return literal(fmt::format_int(value).str()); }
  bool number_float(number_float_t /*value*/, const string_t& text) { return literal(text); }
  bool binary(binary_t& /*value*/) { return literal(""); }  // JSON text has none

  bool string(string_t& text) {
    note_nul(text);
    begin_value();
    if (depth_ <= 1) {
      record_.text_ += text;
    } else {
      append_json_string(record_.text_, text);
    }
    end_value();
    return true;
  }

  bool key(string_t& text) {
    note_nul(text);
    if (depth_ == 1) {
      if (text.empty()) note("an object key is empty");
      record_.fields_.push_back({{record_.text_.size(), text.size()}, {}, false});
      record_.text_ += text;
      return true;
    }
    if (!level().keys.insert(text).second) note("an object has a key twice");
    separate();
    append_json_string(record_.text_, text);
    record_.text_ += ':';
    after_key_ = true;
    return true;
  }

  bool start_object(std::size_t /*size*/) { return open('{'); }
  bool end_object() { return close('}'); }
  bool start_array(std::size_t /*size*/) { return open('['); }
  bool end_array() { return close(']'); }

  bool parse_error(std::size_t position, const std::string& /*last_read*/, const nlohmann::detail::exception& error) {
    const bool is_number_range = error.id == 406;
    malformed_ = is_number_range ? fmt::format("a number out of range ends at byte {}", position)
                                 : fmt::format("no JSON at byte {}: {}", position, message_without_input(error.what()));
    return false;
  }

 private:
  struct Level {
    std::unordered_set<std::string> keys;
    bool has_item = false;
  };

  // Levels too deep share one: what they say no longer matters.
  Level& level() { return levels_[std::min(depth_ - 1, kMostJsonDepth)]; }

  void note(std::string reason) {
    if (unfit_.empty()) unfit_ = std::move(reason);
  }
  void note_nul(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) note("a NUL character in a string");
  }

  bool literal(std::string_view text) {
    begin_value();
    record_.text_ += text;
    end_value();
    return true;
  }

  void separate() {
    if (std::exchange(level().has_item, true)) record_.text_ += ',';
  }
  void begin_value() {
    if (depth_ == 0) note("an object expected, another JSON value found");
    if (depth_ > 1 && !std::exchange(after_key_, false)) separate();
    if (depth_ == 1) record_.fields_.back().value.at = record_.text_.size();
  }
  void end_value() {
    if (depth_ == 1) record_.fields_.back().value.size = record_.text_.size() - record_.fields_.back().value.at;
  }

  bool open(char bracket) {
    const bool is_record = depth_ == 0 && bracket == '{';
    if (!is_record) {
      begin_value();
      record_.text_ += bracket;
    }
    // A lone array is unfit already; it stays at least one level deeper than a record's fields.
    depth_ += (depth_ == 0 && !is_record) ? 2 : 1;
    if (depth_ == 1) return true;  // a record's own keys are its reader's matter
    if (depth_ > kMostJsonDepth) note(fmt::format("nesting deeper than {}", kMostJsonDepth));
    if (levels_.empty()) levels_.resize(kMostJsonDepth + 1);
    if (!level().keys.empty()) level().keys = {};  // not clear(), which costs as much as the most keys ever held
    level().has_item = false;
    return true;
  }

  bool close(char bracket) {
    --depth_;
    if (depth_ == 0) return true;
    record_.text_ += bracket;
    if (!record_.fields_.empty()) end_value();  // a lone array has none
    return true;
  }

  JsonRecord& record_;
  std::vector<Level> levels_;
  std::size_t depth_ = 0;
  bool after_key_ = false;
  std::string unfit_;
  std::string malformed_;
};

namespace {

// Parses the text. **Returns** what `JsonRecordBuilder` noted.
JsonVerdict parse_strictly(std::string_view text, JsonRecord& record) {
  JsonRecordBuilder builder(record);
  if (!WideJson::sax_parse(text.begin(), text.end(), &builder)) return {JsonJudgement::kMalformed, builder.malformed()};
  if (builder.unfit().empty()) return {};
  return {JsonJudgement::kUnfit, builder.unfit()};
}

// The text with the faults taken out that leave no doubt about where its values end: words and numbers outside strings
// become 0; bytes that are not ASCII, control characters in strings and escapes (but for the quote's) question marks. A
// line end in a string stays: it rather tells of a string that was never closed.
std::string without_local_faults(std::string_view text) {
  constexpr std::string_view kWord = "+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
  std::string out;
  bool is_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_string && c == '\\' && at + 1 < text.size()) {
      ++at;
      out += text[at] == '"' ? R"(\")" : "??";
    } else if (c == '"') {
      is_string = !is_string;
      out += c;
    } else if (!is_string && kWord.find(c) != std::string_view::npos) {
      out += '0';
      at = std::min(text.size(), text.find_first_not_of(kWord, at)) - 1;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      const bool is_stray = byte >= 0x80 || byte == 0 || (is_string && byte < 0x20 && c != '\n' && c != '\r');
      out += is_stray ? '?' : c;
    }
  }
  return out;
}

}  // namespace

JsonVerdict parse_json_record(std::string_view text, JsonRecord& record) {
  JsonVerdict verdict{JsonJudgement::kMalformed, ""};
  const bool look_closer = is_suspect(text);
  if (look_closer && text.find('\0') != std::string_view::npos) {
    verdict.reason = "a NUL byte";  // which the parser takes for the end of its input
  } else if (look_closer && !is_utf8(text)) {
    verdict.reason = "invalid UTF-8";
  } else if (parse_plain_json(text, record)) {
    return {};
  } else {
    verdict = parse_strictly(text, record);
    if (verdict.judgement != JsonJudgement::kMalformed) return verdict;
  }
  JsonRecord ignored;
  if (parse_strictly(without_local_faults(text), ignored).judgement != JsonJudgement::kMalformed) {
    verdict.judgement = JsonJudgement::kUnfit;
  }
  return verdict;
}

}  // namespace hilo::ingest
