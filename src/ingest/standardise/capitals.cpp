#include "ingest/standardise/capitals.h"

#include <algorithm>
#include <array>
#include <vector>

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/text.h"
#include "ingest/standardise/name_words.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;

constexpr char32_t kDottedCapitalI = U'\u0130';

bool is_one_case(std::string_view text) {
  bool upper = false;
  bool lower = false;
  for (const char32_t point : code_points(text)) {
    upper = upper || u_isupper(static_cast<UChar32>(point)) != 0 || u_istitle(static_cast<UChar32>(point)) != 0;
    lower = lower || u_islower(static_cast<UChar32>(point)) != 0;
  }
  return upper != lower;
}

bool is_apostrophe(char32_t point) { return point == U'\'' || point == U'\u2019' || point == U'\u02BC'; }

// Lower-cases by the root locale; İ becomes a plain i, or the dot would stand twice.
std::string lowered(std::string_view text) {
  if (is_ascii(text)) return lower_ascii(text);
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  wide.findAndReplace(icu::UnicodeString(static_cast<UChar32>(kDottedCapitalI)), icu::UnicodeString("i"));
  wide.toLower(icu::Locale::getRoot());
  std::string out;
  wide.toUTF8String(out);
  return out;
}

// Capitalises the first letter of one lower-case word and of the parts inside it that begin anew.
std::string capitalised(std::string_view word) {
  constexpr std::array kContractions = {"dall"sv, "dell"sv, "nell"sv, "sant"sv};
  std::string out;
  std::string part;  // the letters since the last beginning
  bool begins = true;
  for (const char32_t point : code_points(word)) {
    const bool letter = u_isalpha(static_cast<UChar32>(point)) != 0;
    append_code_point(out, begins && letter ? static_cast<char32_t>(u_totitle(static_cast<UChar32>(point))) : point);
    if (letter && !is_apostrophe(point)) {
      begins = false;
      append_code_point(part, point);
      continue;
    }
    const bool italian = std::ranges::find(kContractions, part) != kContractions.end();
    const bool contraction = italian || code_points(part).size() == 1;
    if (point == U'-' || point == U'.' || point == U'/' || point == U'(' || (is_apostrophe(point) && contraction)) {
      begins = true;
      part.clear();
    }
  }
  return out;
}

bool is_rank(std::string_view word) { return word == "ii" || word == "iii" || word == "iv"; }

}  // namespace

std::string capitalise_name(std::string_view clean) {
  if (!is_one_case(clean)) return std::string(clean);
  const std::string lower = lowered(clean);
  const std::vector<std::string_view> words = split_words(lower);
  std::string out;
  bool inside = false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (at > 0) out += ' ';
    const std::string_view word = words[at];
    const bool last = at + 1 == words.size();
    if (inside && !last && is_name_particle(word)) {
      out += word;
    } else if (is_rank(word)) {
      out += upper_ascii(word);
    } else {
      out += capitalised(word);
    }
    inside = !word.ends_with(',');
  }
  return compose_text(out);
}

}  // namespace hilo::ingest
