// Names and genders: what is shown and what is compared are their own standard forms; capitals are set once; a full
// name's parts are names.
#include "ingest/standardise/person_name.h"

#include "ingest/standardise/capitals.h"
#include "ingest/standardise/gender.h"
#include "ingest/standardise/unicode_text.h"
#include "standard_form.h"

namespace hilo::fuzz {
namespace {

using ingest::Standing;

void judge_name(std::string_view input) {
  const ingest::PersonName name = ingest::standardise_name(input);
  expect((name.standing == Standing::kStandard) == !name.display.empty(), "a name to show where standard",
         name.display);
  expect((name.standing == Standing::kStandard) == !name.match_key.empty(), "a name to compare where standard",
         name.match_key);
  if (name.standing != Standing::kStandard) return;
  expect(is_utf8(name.display) && is_utf8(name.match_key), "names are text", name.display);
  const ingest::PersonName again = ingest::standardise_name(name.display);
  expect_same("a name shown", name.display, again.display);
  expect_same("a name compared", name.match_key, again.match_key);
}

void judge_full_name(std::string_view input) {
  const ingest::FullName name = ingest::split_full_name(input);
  const bool is_standard = name.standing == Standing::kStandard;
  expect(is_standard == !(name.given.empty() && name.family.empty()), "a full name has a part", input);
  expect(is_standard == (ingest::standardise_name(input).standing == Standing::kStandard),
         "a full name stands as the name does", input);
  expect(is_utf8(name.given) && is_utf8(name.family), "parts are text", input);
}

}  // namespace

void judge(std::string_view input) {
  judge_name(input);
  judge_full_name(input);
  const ingest::CleanText clean = ingest::clean_text(input);
  if (clean.fault.empty()) {
    const std::string capitals = ingest::capitalise_name(clean.text);
    expect_same("capitals set twice", capitals, ingest::capitalise_name(capitals));
  }
  const ingest::Standard gender = expect_standard_form("a gender", input, ingest::standardise_gender);
  expect(gender.value.size() <= 1, "a gender is one letter", gender.value);
}

}  // namespace hilo::fuzz
