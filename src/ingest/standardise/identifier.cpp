#include "ingest/standardise/identifier.h"

#include <utility>

#include "ingest/standardise/placeholder.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

constexpr std::size_t kRepeatedMin = 4;
// Android issue 10603: ANDROID_ID had this one value on every device of several makers.
constexpr std::string_view kSharedAndroidId = "9774d56d682e549c";

}  // namespace

Standard standardise_identifier(std::string_view raw, IdentifierScope scope) {
  CleanText clean = clean_text(raw);
  if (!clean.fault.empty()) return invalid(clean.fault);
  if (clean.text.empty()) return empty_value();
  const std::string folded = fold_text(clean.text);
  if (is_placeholder(folded, PlaceholderField::kValue)) return placeholder(kPlaceholderReason);
  if (clean.text.find_first_not_of("0-:. ") == std::string::npos) return placeholder("zeros only");
  if (folded == kSharedAndroidId) return placeholder("an id that many devices share");
  if (scope == IdentifierScope::kShared && is_repeated(folded, kRepeatedMin)) {
    return placeholder("one character repeated");
  }
  if (!has_letter_or_digit(clean.text)) return invalid("no letter and no digit");
  return standard(std::move(clean.text));
}

}  // namespace hilo::ingest
