#include "ingest/standardise/person_name.h"

#include "ingest/standardise/capitals.h"
#include "ingest/standardise/name_words.h"
#include "ingest/standardise/placeholder.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

constexpr std::size_t kRepeatedMin = 3;
constexpr std::size_t kNameMax = 512;
constexpr std::string_view kTooLong = "longer than a name";

// Appends the word form of each name word, single spaces between.
void append_key(std::string& key, const std::vector<std::string_view>& words) {
  for (const std::string_view word : words) {
    const std::string form = words_only(fold_text(word));
    if (form.empty()) continue;
    if (!key.empty()) key += ' ';
    key += form;
  }
}

}  // namespace

PersonName standardise_name(std::string_view raw) {
  const auto refused = [](Standing standing, std::string_view reason) { return PersonName{standing, {}, {}, reason}; };
  const CleanText clean = clean_text(raw);
  if (!clean.fault.empty()) return refused(Standing::kInvalid, clean.fault);
  if (clean.text.empty()) return {};
  if (clean.text.size() > kNameMax) return refused(Standing::kInvalid, kTooLong);
  const std::string folded = fold_text(clean.text);
  if (is_placeholder(folded, PlaceholderField::kPerson)) return refused(Standing::kPlaceholder, kPlaceholderReason);
  if (!has_letter(clean.text)) return refused(Standing::kInvalid, "no letter");
  if (clean.text.find('@') != std::string::npos) return refused(Standing::kInvalid, "an e-mail address");
  if (is_repeated(folded, kRepeatedMin)) return refused(Standing::kPlaceholder, "one character repeated");
  if (is_only_titles(clean.text)) return refused(Standing::kPlaceholder, "a title alone");
  PersonName out;
  out.display = capitalise_name(clean.text);
  if (out.display.size() > kNameMax) return refused(Standing::kInvalid, kTooLong);
  const NameWords words = read_name_words(out.display);
  append_key(out.match_key, words.words);
  append_key(out.match_key, words.family);
  if (out.match_key.empty()) return refused(Standing::kInvalid, "no letter");
  out.standing = Standing::kStandard;
  return out;
}

}  // namespace hilo::ingest
