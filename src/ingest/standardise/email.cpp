#include "ingest/standardise/email.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include "base/result.h"
#include "base/text.h"
#include "ingest/standardise/placeholder.h"
#include "ingest/standardise/unicode_text.h"

namespace hilo::ingest {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kLocalMax = 64;
constexpr std::size_t kLabelMax = 63;
constexpr std::size_t kAddressMax = 254;

// --- placeholders -------------------------------------------------------------------------------------------------

// Mailboxes that stand for nobody at whatever domain. Sorted.
constexpr std::array kNobodysLocals = {
    "anonymous"sv, "asdf"sv,        "asdfasdf"sv,  "do-not-reply"sv, "do.not.reply"sv, "do_not_reply"sv, "donotreply"sv,
    "dummy"sv,     "fake"sv,        "fakeemail"sv, "kein"sv,         "keine"sv,        "keinemail"sv,    "no"sv,
    "no-email"sv,  "no-mail"sv,     "no-reply"sv,  "no.email"sv,     "no.reply"sv,     "no_email"sv,     "no_reply"sv,
    "noaplica"sv,  "nobody"sv,      "noemail"sv,   "nomail"sv,       "none"sv,         "noreply"sv,      "notengo"sv,
    "notiene"sv,   "notprovided"sv, "null"sv,      "pasdemail"sv,    "qwerty"sv,       "sincorreo"sv,    "sinemail"sv,
    "sinmail"sv,   "test"sv,        "test123"sv,   "tester"sv,       "testing"sv,      "testtest"sv,     "testuser"sv,
    "undefined"sv, "unknown"sv,
};
// First labels under which no customer has a mailbox, whatever follows. Sorted.
constexpr std::array kNobodysLabels = {
    "asdf"sv,     "domain"sv, "dummy"sv,   "example"sv,   "fake"sv,    "invalid"sv,     "noemail"sv,
    "nomail"sv,   "none"sv,   "noreply"sv, "nowhere"sv,   "null"sv,    "placeholder"sv, "sincorreo"sv,
    "sinemail"sv, "test"sv,   "testing"sv, "undefined"sv, "unknown"sv, "yourdomain"sv,
};
// Last labels that are reserved and never resolve (RFC 2606 section 2, RFC 6761 section 6). Sorted.
constexpr std::array kReservedEndings = {"example"sv, "invalid"sv, "local"sv, "localhost"sv, "test"sv};
// Reserved second-level domains (RFC 2606 section 3). Sorted.
constexpr std::array kReservedDomains = {"example.com"sv, "example.edu"sv, "example.net"sv, "example.org"sv};

static_assert(std::ranges::is_sorted(kNobodysLocals));
static_assert(std::ranges::is_sorted(kNobodysLabels));
static_assert(std::ranges::is_sorted(kReservedEndings));
static_assert(std::ranges::is_sorted(kReservedDomains));

template <class Table>
bool listed(const Table& table, std::string_view word) {
  return std::ranges::binary_search(table, word);
}

bool is_reserved_domain(std::string_view domain) {
  const std::size_t last = domain.rfind('.');
  if (listed(kReservedEndings, domain.substr(last + 1))) return true;
  const std::size_t second = last == 0 ? std::string_view::npos : domain.rfind('.', last - 1);
  const std::size_t start = second == std::string_view::npos ? 0 : second + 1;
  return listed(kReservedDomains, domain.substr(start));
}

bool is_one_letter(std::string_view text, std::size_t length_min) {
  return text.size() >= length_min && text.find_first_not_of(text.front()) == std::string_view::npos &&
         is_ascii_word(text.front());
}

// Judges a well-formed address; returns the reason when it stands for nobody, else "".
std::string_view nobodys(std::string_view local, std::string_view domain) {
  constexpr std::size_t kRepeatedMin = 3;
  const std::string_view label = domain.substr(0, domain.find('.'));
  if (is_reserved_domain(domain)) return "a domain reserved for examples";
  if (listed(kNobodysLabels, label)) return "a domain that stands for none";
  if (listed(kNobodysLocals, local)) return "a mailbox that stands for nobody";
  if (is_one_letter(local, kRepeatedMin)) return "one character repeated";
  if (is_one_letter(local, 1) && is_one_letter(label, 1)) return "one character repeated";
  if (local == label && is_placeholder(local, PlaceholderField::kValue)) return kPlaceholderReason;
  return {};
}

// --- wrappers around the address ----------------------------------------------------------------------------------

std::string_view without_quotes(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kPairs = {{
      {"\"", "\""},
      {"'", "'"},
      {"`", "`"},
      {"\u201C", "\u201D"},
      {"\u2018", "\u2019"},
      {"\u00AB", "\u00BB"},
      {"<", ">"},
  }};
  for (bool again = true; again;) {
    again = false;
    for (const auto& [open, close] : kPairs) {
      if (text.size() > open.size() + close.size() && text.starts_with(open) && text.ends_with(close)) {
        text.remove_prefix(open.size());
        text.remove_suffix(close.size());
        text = trim(text);
        again = true;
      }
    }
  }
  // A lone apostrophe in front is how spreadsheets mark a cell as text.
  while (text.starts_with('\'')) text.remove_prefix(1);
  return trim(text);
}

std::string_view without_display_name(std::string_view text) {
  const std::size_t open = text.rfind('<');
  if (open == std::string_view::npos) return text;
  const std::size_t close = text.find('>', open);
  if (close == std::string_view::npos || !trim(text.substr(close + 1)).empty()) return text;
  return trim(text.substr(open + 1, close - open - 1));
}

std::string_view without_scheme(std::string_view text) {
  constexpr std::string_view kScheme = "mailto:";
  while (text.size() > kScheme.size() && lower_ascii(text.substr(0, kScheme.size())) == kScheme) {
    text = trim(text.substr(kScheme.size()));
    text = trim(text.substr(0, text.find('?')));
  }
  return text;
}

// Takes wrappers off until none is left, so that the outcome does not depend on their order.
std::string_view unwrapped(std::string_view text) {
  while (true) {
    const std::string_view next = without_scheme(without_quotes(without_display_name(text)));
    if (next.size() == text.size()) return text;
    text = next;
  }
}

// --- the two halves -----------------------------------------------------------------------------------------------

// Returns why dots part the text wrongly, or "".
std::string_view dots_fault(std::string_view text) {
  if (text.front() == '.') return "a dot in front";
  if (text.back() == '.') return "a trailing dot";
  if (text.find("..") != std::string_view::npos) return "consecutive dots";
  return {};
}

std::string_view local_fault(std::string_view local) {
  constexpr std::string_view kAtomMarks = "!#$%&'*+-/=?^_`{|}~.";
  if (local.size() > kLocalMax) return "a local part longer than 64";
  if (local.front() == '"') return "a quoted local part";
  const std::string_view dots = dots_fault(local);
  if (!dots.empty()) return dots;
  const auto allowed = [&](char c) {
    return is_ascii_word(c) || (static_cast<unsigned char>(c) & 0x80U) != 0 || kAtomMarks.contains(c);
  };
  return std::ranges::all_of(local, allowed) ? std::string_view{} : "a character that no local part has";
}

std::string_view domain_fault(std::string_view domain) {
  if (domain.find('.') == std::string_view::npos) return "a domain without a dot";
  const std::string_view dots = dots_fault(domain);
  if (!dots.empty()) return dots;
  for (const std::string_view label : split(domain, '.')) {
    if (label.size() > kLabelMax) return "a domain label longer than 63";
    if (label.front() == '-' || label.back() == '-') return "a domain label with a hyphen at its end";
    if (!std::ranges::all_of(label, [](char c) { return is_ascii_word(c) || c == '-'; })) {
      return "a character that no domain has";
    }
  }
  const std::string_view ending = domain.substr(domain.rfind('.') + 1);
  // RFC 3696 section 2: a top-level label is not all digits.
  if (ending.size() < 2 || std::ranges::all_of(ending, is_ascii_digit)) return "no such top-level domain";
  return {};
}

const icu::IDNA& idna() {
  static const icu::IDNA* const kInstance = [] {
    UErrorCode status = U_ZERO_ERROR;
    const std::uint32_t options =
        UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ;
    const icu::IDNA* made = icu::IDNA::createUTS46Instance(options, status);
    HILO_CHECK(U_SUCCESS(status) && made != nullptr);
    return made;
  }();
  return *kInstance;
}

// Returns the domain in ASCII (UTS #46), or nothing when it breaks a rule of international names.
std::optional<std::string> ascii_domain(std::string_view domain) {
  std::string lower = lower_ascii(domain);
  if (is_ascii(lower) && lower.find("xn--") == std::string::npos) return lower;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  icu::IDNAInfo info;
  UErrorCode status = U_ZERO_ERROR;
  idna().nameToASCII_UTF8({lower.data(), static_cast<std::int32_t>(lower.size())}, sink, info, status);
  if (U_FAILURE(status) || info.hasErrors()) return std::nullopt;
  return out;
}

// Case-folds but keeps diacritics: josé@ and jose@ are two mailboxes (RFC 6532 section 3.1).
std::string folded_local(std::string_view local) { return is_ascii(local) ? lower_ascii(local) : fold_case(local); }

std::string_view shape_fault(std::string_view address) {
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos) return "no @";
  if (address.find('@', at + 1) != std::string_view::npos) return "more than one @";
  if (at == 0) return "nothing before the @";
  if (at + 1 == address.size()) return "nothing after the @";
  if (address.find(' ') != std::string_view::npos) return "a space inside";
  return {};
}

}  // namespace

Standard standardise_email(std::string_view raw) {
  constexpr std::size_t kWrappedMax = 1024;
  const CleanText clean = clean_text(raw);
  if (!clean.fault.empty()) return invalid(clean.fault);
  if (clean.text.empty()) return empty_value();
  if (clean.text.size() > kWrappedMax) return invalid("longer than 254");
  const std::string_view address = unwrapped(clean.text);
  if (address.empty()) return invalid("no @");
  if (address.find('@') == std::string_view::npos && is_placeholder(fold_text(address), PlaceholderField::kValue)) {
    return placeholder(kPlaceholderReason);
  }
  const std::string_view shape = shape_fault(address);
  if (!shape.empty()) return invalid(shape);
  const std::size_t at = address.find('@');
  const std::string local = folded_local(address.substr(0, at));
  const std::string_view wrong_local = local_fault(local);
  if (!wrong_local.empty()) return invalid(wrong_local);
  const std::optional<std::string> domain = ascii_domain(address.substr(at + 1));
  if (!domain) return invalid("a domain that breaks the rules of international names");
  const std::string_view wrong_domain = domain_fault(*domain);
  if (!wrong_domain.empty()) return invalid(wrong_domain);
  if (local.size() + 1 + domain->size() > kAddressMax) return invalid("longer than 254");
  const std::string_view nobody = nobodys(local, *domain);
  if (!nobody.empty()) return placeholder(nobody);
  return standard(local + '@' + *domain);
}

}  // namespace hilo::ingest
