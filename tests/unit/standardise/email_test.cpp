// Goal: one spelling for one mailbox, nothing for addresses that nobody reads. Method: tables of real-life spellings.
#include "ingest/standardise/email.h"

#include "cases.h"

namespace hilo::ingest {
namespace {

TEST(Email, BringsSpellingsOfOneMailboxTogether) {
  expect_cases(
      {
          is("ana@x.com", "ana@x.com"),
          is("  Ana.Ruiz@Shop.ES \t", "ana.ruiz@shop.es"),
          is("Ana Ruiz <ana@x.com>", "ana@x.com"),
          is("\"Ruiz, Ana\" <ANA@x.com>", "ana@x.com"),
          is("<ana@x.com>", "ana@x.com"),
          is("mailto:ana@x.com", "ana@x.com"),
          is("MAILTO:Ana@X.com?subject=Hi", "ana@x.com"),
          is("<mailto:ana@x.com>", "ana@x.com"),
          is("\"ana@x.com\"", "ana@x.com"),
          is("'ana@x.com'", "ana@x.com"),
          is("'ana@x.com", "ana@x.com"),
          is("\u201Cana@x.com\u201D", "ana@x.com"),
          is("a\u200Bna@x.com\uFEFF", "ana@x.com"),
          is("\uFF41na\uFF20x.com", "ana@x.com"),
          is("ana@x.com\u00A0", "ana@x.com"),
          is("o'brien@x.co.uk", "o'brien@x.co.uk"),
          is("x_y-z+tag=1@mail.x.org", "x_y-z+tag=1@mail.x.org"),
          is("ana@xn--mnchen-3ya.de", "ana@xn--mnchen-3ya.de"),
          is("ana@M\u00dcNCHEN.de", "ana@xn--mnchen-3ya.de"),
          is("ana@stra\u00dfe.de", "ana@xn--strae-oqa.de"),
          is("ana@\u4f8b\u5b50.com", "ana@xn--fsqu00a.com"),
          is("JOS\u00c9@x.com", "jos\u00e9@x.com"),
          is("1234@qq.com", "1234@qq.com"),
          is("info@shop.es", "info@shop.es"),
      },
      standardise_email);
}

TEST(Email, KeepsDistinctMailboxesApart) {
  EXPECT_EQ(standardise_email("ana+news@gmail.com").value, "ana+news@gmail.com");
  EXPECT_EQ(standardise_email("a.na@gmail.com").value, "a.na@gmail.com");
}

TEST(Email, RefusesWhatIsNoAddress) {
  const std::string label64(64, 'a');
  std::string long_domain;
  while (long_domain.size() < 250) long_domain += "abcdefghi.";
  expect_cases(
      {
          wrong("ana"),
          wrong("ana.x.com"),
          wrong("ana@@x.com"),
          wrong("ana@x@y.com"),
          wrong("@x.com"),
          wrong("ana@"),
          wrong("@"),
          wrong("ana@localhost"),
          wrong("ana ruiz@x.com"),
          wrong("ana@x .com"),
          wrong("ana@x.com."),
          wrong("ana.@x.com"),
          wrong(".ana@x.com"),
          wrong("a..na@x.com"),
          wrong("ana@x..com"),
          wrong("ana@.x.com"),
          wrong("ana@x,com"),
          wrong("ana@-x.com"),
          wrong("ana@x-.com"),
          wrong("ana@x_y.com"),
          wrong("ana@x.c"),
          wrong("ana@1.2.3.4"),
          wrong("ana@[1.2.3.4]"),
          wrong("\"ana ruiz\"@x.com"),
          wrong("a@x.com; b@y.com"),
          wrong("ana@" + label64 + ".com"),
          wrong(label64 + "a@x.com"),
          wrong("ana@" + long_domain + "com"),
          wrong("ana@xn--\u00fc.de"),
          wrong("ana@xn--99999999.de"),
          wrong("caf\xe9@x.com"),
          wrong("http://x.com"),
          wrong("ana(at)x.com"),
      },
      standardise_email);
}

TEST(Email, SeesPlaceholders) {
  expect_cases(
      {
          blank(""),
          blank("  "),
          blank("\u200B"),
          filler("n/a"),
          filler("None"),
          filler("-"),
          filler("NULL"),
          filler("unknown"),
          filler("test@test.com"),
          filler("TEST@gmail.com"),
          filler("none@none.com"),
          filler("noreply@shop.com"),
          filler("no-reply@shop.com"),
          filler("No.Reply@shop.com"),
          filler("na@na.com"),
          filler("unknown@shop.com"),
          filler("xxx@shop.com"),
          filler("aaaa@gmail.com"),
          filler("a@a.com"),
          filler("a@b.com"),
          filler("ana@example.com"),
          filler("ana@mail.example.org"),
          filler("ana@example.net"),
          filler("ana@test.com"),
          filler("ana@test.es"),
          filler("ana@shop.test"),
          filler("ana@shop.invalid"),
          filler("ana@invalid.com"),
          filler("ana@noemail.com"),
          filler("Nobody <nobody@x.com>"),
          filler("asdf@asdf.com"),
          filler("sinemail@x.es"),
      },
      standardise_email);
}

TEST(Email, KeepsAddressesThatOnlyLookLikePlaceholders) {
  expect_cases(
      {
          is("na@company.com", "na@company.com"),
          is("testa@x.com", "testa@x.com"),
          is("ana@testing-labs.com", "ana@testing-labs.com"),
          is("j@company.com", "j@company.com"),
          is("norman@x.com", "norman@x.com"),
          is("ana@contest.com", "ana@contest.com"),
          is("ana@notexample.com", "ana@notexample.com"),
      },
      standardise_email);
}

TEST(Email, IsTotalAndIdempotent) { expect_total(standardise_email); }
TEST(Email, IsThreadSafe) { expect_thread_safe(standardise_email); }

}  // namespace
}  // namespace hilo::ingest
