// Identifiers and the Unicode steps that all standard forms share: each step done twice is the same as done once.
#include "ingest/standardise/identifier.h"

#include "ingest/standardise/placeholder.h"
#include "ingest/standardise/unicode_text.h"
#include "standard_form.h"

namespace hilo::fuzz {
namespace {

void judge_steps(std::string_view input) {
  const ingest::CleanText clean = ingest::clean_text(input);
  if (!clean.fault.empty()) return expect(clean.text.empty(), "a fault and no text", clean.text);
  expect(is_utf8(clean.text), "cleaned text is text", clean.text);
  expect_same("text cleaned twice", clean.text, ingest::clean_text(clean.text).text);
  const std::string folded = ingest::fold_text(clean.text);
  expect(is_utf8(folded), "folded text is text", folded);
  expect_same("text folded twice", folded, ingest::fold_text(folded));
  const std::string words = ingest::words_only(folded);
  expect(is_utf8(words), "words are text", words);
  expect_same("words taken twice", words, ingest::words_only(words));
  for (const std::string_view word : ingest::split_words(words)) expect(!word.empty(), "a word has letters", words);
  for (const auto field :
       {ingest::PlaceholderField::kValue, ingest::PlaceholderField::kPerson, ingest::PlaceholderField::kPlace}) {
    static_cast<void>(ingest::is_placeholder(folded, field));
  }
  static_cast<void>(ingest::is_repeated(clean.text, 4));
  std::string again;
  for (const char32_t point : ingest::code_points(clean.text)) ingest::append_code_point(again, point);
  expect_same("code points and back", clean.text, again);
}

}  // namespace

void judge(std::string_view input) {
  judge_steps(input);
  for (const auto scope : {ingest::IdentifierScope::kShared, ingest::IdentifierScope::kOwn}) {
    expect_standard_form("an identifier", input,
                         [&](std::string_view raw) { return ingest::standardise_identifier(raw, scope); });
  }
}

}  // namespace hilo::fuzz
