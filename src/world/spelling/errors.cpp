#include "world/spelling/errors.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "world/spelling/written_forms.h"

namespace hilo::world {
namespace {

// A question asked of every field. The order is what the draws are keyed by: new ones come at the end.
enum class Question : std::uint8_t {
  kMissing,
  kNonsense,
  kTypo,
  kMisread,
  kMisheard,
  kPlain,
  kTransliterated,
  kLostLetters,
  kMojibake,
  kUpper,
  kFirstForm,  // what only one field knows: see below
  kSecondForm,
  kThirdForm,
  kFourthForm,
};
constexpr std::size_t kQuestions = 16;  // with room
constexpr std::size_t kAnswers = kQuestions * kFields;

// What only one field knows, by the place of its question.
constexpr Question kNickname = Question::kFirstForm;       // given name
constexpr Question kInitial = Question::kSecondForm;       // given name
constexpr Question kOneGivenName = Question::kThirdForm;   // given name
constexpr Question kMerged = Question::kFourthForm;        // given name
constexpr Question kOneFamilyName = Question::kFirstForm;  // family name
constexpr Question kParticles = Question::kSecondForm;     // family name
constexpr Question kSwapped = Question::kThirdForm;        // family name
constexpr Question kDomainTypo = Question::kFirstForm;     // mail
constexpr Question kPhoneForm = Question::kFirstForm;      // phone
constexpr Question kLandline = Question::kSecondForm;      // phone
constexpr Question kOffice = Question::kThirdForm;         // phone
constexpr Question kEmailInPhone = Question::kFourthForm;  // phone
constexpr Question kAbbreviated = Question::kFirstForm;    // street
constexpr Question kFlatLost = Question::kSecondForm;      // street
constexpr Question kFlatElsewhere = Question::kThirdForm;  // street
constexpr Question kSwappedDigits = Question::kFirstForm;  // postcode
constexpr Question kDayAndMonth = Question::kFirstForm;    // birth date
constexpr Question kWrongYear = Question::kSecondForm;     // birth date
constexpr Question kNoBirthDate = Question::kThirdForm;    // birth date

const std::vector<std::string_view>& placeholders_of(std::string_view kind) {
  using ByKind = std::map<std::string_view, std::vector<std::string_view>, std::less<>>;
  static const ByKind kTable = [] {
    ByKind table;
    for (const auto& row : table_rows("shared/placeholders.tsv", 2)) table[row[0]].push_back(row[1]);
    return table;
  }();
  return kTable.at(kind);
}

// Writes one record down, field by field, each with the silo's rates.
class Clerk {
 public:
  Clerk(const RngKey& key, const Person& person, const Identity& identity, const ErrorRates& rates, double noise)
      : key_(key), person_(person), identity_(identity), rates_(rates), noise_(noise) {
    // All answers are drawn before any is used, so that none depends on another.
    Rng rng(key);
    for (std::uint32_t& answer : answers_) answer = rng.word();
  }

  [[nodiscard]] WrittenPerson write() {
    WrittenPerson written;
    written.given_name = given_name();
    written.family_name = family_name();
    written.email = email();
    written.phone = phone();
    written.street = street();
    written.city = word(Field::kCity, identity_.address.city, rates_.missing, {});
    written.postcode = postcode();
    written.birth_date = birth_date();
    if (errs(Field::kFamilyName, kSwapped, rates_.swapped)) std::swap(written.given_name, written.family_name);
    if (errs(Field::kGivenName, kMerged, rates_.merged) && !written.given_name.empty() &&
        !written.family_name.empty()) {
      (written.given_name += ' ') += written.family_name;
      written.family_name.clear();
    }
    if (errs(Field::kPhone, kEmailInPhone, rates_.email_in_phone) && !written.email.empty()) {
      written.phone = std::move(written.email);
      written.email.clear();
    }
    return written;
  }

 private:
  [[nodiscard]] static std::size_t place(Field field, Question question) {
    return static_cast<std::size_t>(field) * kQuestions + static_cast<std::size_t>(question);
  }

  [[nodiscard]] bool errs(Field field, Question question, double rate) const {
    constexpr double kRange = 0x1p32;
    return answers_[place(field, question)] < rate * noise_ * kRange;
  }

  // Chance for how an error comes out: a stream of its own for each question.
  [[nodiscard]] Rng how(Field field, Question question) const {
    RngKey key = key_;
    key.purpose |= static_cast<std::uint32_t>(place(field, question) + 1) << 8U;
    return Rng(key);
  }

  // Applies a change that needs chance, if it is to happen.
  template <class Function>
  void maybe(std::string& text, Field field, Question question, double rate, Function change) const {
    if (!errs(field, question, rate) || text.empty()) return;
    Rng rng = how(field, question);
    text = change(text, rng);
  }

  // What can befall any text that somebody enters.
  void enter(std::string& text, Field field) const {
    maybe(text, field, Question::kTypo, rates_.typo, [&](const std::string& from, Rng& rng) {
      return field == Field::kEmail ? with_local_typo(from, rng) : with_typo(from, rng);
    });
    maybe(text, field, Question::kMisread, rates_.misread,
          [](const std::string& from, Rng& rng) { return misread(from, rng); });
  }

  // Leaves a field empty or fills it with nonsense. `kind` is that of the placeholders; empty = there are none.
  void leave_out(std::string& text, Field field, double missing, std::string_view kind) const {
    if (!kind.empty()) {
      maybe(text, field, Question::kNonsense, rates_.nonsense, [&](const std::string&, Rng& rng) {
        const auto& words = placeholders_of(kind);
        return std::string(words[rng.below(static_cast<std::uint32_t>(words.size()))]);
      });
    }
    if (errs(field, Question::kMissing, missing)) text.clear();
  }

  // A text of words: what is heard, typed, scanned, and then stored by a system with an alphabet of its own.
  [[nodiscard]] std::string word(Field field, std::string text, double missing, std::string_view kind) const {
    maybe(text, field, Question::kMisheard, rates_.misheard,
          [&](const std::string& from, Rng& rng) { return misheard(from, person_.language, rng); });
    enter(text, field);
    if (errs(field, Question::kTransliterated, rates_.transliterated)) text = transliterated(text);
    if (errs(field, Question::kPlain, rates_.plain)) text = without_accents(text);
    if (errs(field, Question::kUpper, rates_.upper)) text = upper_case(text);
    maybe(text, field, Question::kLostLetters, rates_.lost_letters,
          [](const std::string& from, Rng& rng) { return without_letters(from, rng); });
    if (errs(field, Question::kMojibake, rates_.mojibake)) text = mojibake(text);
    leave_out(text, field, missing, kind);
    return text;
  }

  [[nodiscard]] std::string given_name() const {
    constexpr Field kField = Field::kGivenName;
    std::string text = identity_.given_name;
    maybe(text, kField, kNickname, rates_.nickname,
          [&](const std::string& from, Rng& rng) { return nickname(from, person_.language, rng); });
    if (errs(kField, kOneGivenName, rates_.one_given_name)) text = first_given_name(text);
    maybe(text, kField, kInitial, rates_.initial,
          [](const std::string& from, Rng& rng) { return initials(from, rng); });
    return word(kField, std::move(text), rates_.missing_name, "name");
  }

  [[nodiscard]] std::string family_name() const {
    constexpr Field kField = Field::kFamilyName;
    std::string text = identity_.family_name;
    if (errs(kField, kOneFamilyName, rates_.one_family_name)) text = first_family_name(text, person_.language);
    maybe(text, kField, kParticles, rates_.particles,
          [](const std::string& from, Rng& rng) { return other_particles(from, rng); });
    return word(kField, std::move(text), rates_.missing_name, "name");
  }

  [[nodiscard]] std::string email() const {
    constexpr Field kField = Field::kEmail;
    std::string text = identity_.email;
    maybe(text, kField, kDomainTypo, rates_.domain_typo,
          [](const std::string& from, Rng& rng) { return with_domain_typo(from, rng); });
    enter(text, kField);
    leave_out(text, kField, rates_.missing_email, "email");
    return text;
  }

  [[nodiscard]] std::string phone() const {
    constexpr Field kField = Field::kPhone;
    const bool at_home = !identity_.landline.empty() && errs(kField, kLandline, rates_.landline);
    const bool at_work = !identity_.office.empty() && errs(kField, kOffice, rates_.office);
    std::string text = at_work ? identity_.office : at_home ? identity_.landline : identity_.mobile;
    maybe(text, kField, kPhoneForm, rates_.phone_form,
          [](const std::string& from, Rng& rng) { return phone_form(from, rng); });
    enter(text, kField);
    leave_out(text, kField, rates_.missing_phone, "phone");
    return text;
  }

  [[nodiscard]] std::string street() const {
    constexpr Field kField = Field::kStreet;
    const Address& address = identity_.address;
    std::string text = address.street;
    if (errs(kField, kFlatElsewhere, rates_.flat_elsewhere)) text = with_flat_elsewhere(address, text);
    if (errs(kField, kFlatLost, rates_.flat_lost)) text = without_flat(address, address.street);
    maybe(text, kField, kAbbreviated, rates_.abbreviated,
          [&](const std::string& from, Rng& rng) { return abbreviated_street(from, person_.language, rng); });
    return word(kField, std::move(text), rates_.missing, "address");
  }

  [[nodiscard]] std::string postcode() const {
    constexpr Field kField = Field::kPostcode;
    std::string text = identity_.address.postcode;
    maybe(text, kField, kSwappedDigits, rates_.swapped_digits,
          [](const std::string& from, Rng& rng) { return with_swapped_digits(from, rng); });
    enter(text, kField);
    leave_out(text, kField, rates_.missing, {});
    return text;
  }

  [[nodiscard]] std::string birth_date() const {
    constexpr Field kField = Field::kBirthDate;
    std::string text = to_string(person_.born_on);
    if (errs(kField, kDayAndMonth, rates_.day_and_month)) text = with_day_and_month_swapped(text);
    maybe(text, kField, kWrongYear, rates_.wrong_year,
          [](const std::string& from, Rng& rng) { return with_wrong_year(from, rng); });
    enter(text, kField);
    if (errs(kField, kNoBirthDate, rates_.no_birth_date)) text = "1900-01-01";
    leave_out(text, kField, rates_.missing_birth_date, "birth_date");
    return text;
  }

  RngKey key_;
  const Person& person_;
  const Identity& identity_;
  const ErrorRates& rates_;
  double noise_;
  std::array<std::uint32_t, kAnswers> answers_{};
};

}  // namespace

WrittenPerson write_down(std::uint64_t seed, const Person& person, Date day, const ErrorRates& rates, double noise,
                         std::uint32_t record) {
  const RngKey key{.seed = seed,
                   .subject = person.id.number,
                   .day = record,
                   .purpose = static_cast<std::uint32_t>(Purpose::kWriting)};
  return Clerk(key, person, person.on(day), rates, noise).write();
}

const std::string& field_of(const WrittenPerson& written, Field field) {
  switch (field) {
    case Field::kGivenName: return written.given_name;
    case Field::kFamilyName: return written.family_name;
    case Field::kEmail: return written.email;
    case Field::kPhone: return written.phone;
    case Field::kStreet: return written.street;
    case Field::kCity: return written.city;
    case Field::kPostcode: return written.postcode;
    case Field::kBirthDate: return written.birth_date;
  }
  return written.given_name;
}

}  // namespace hilo::world
