// Who is registered where: CRM, web accounts, the loyalty scheme, the newsletter, the app, social handles.
#include <algorithm>
#include <array>
#include <optional>

#include "world/silos/day.h"
#include "world/silos/text.h"

namespace hilo::world {
namespace {

constexpr double kWrongFirst = 0.015;  // CRM rows that somebody puts right some days later
constexpr Lateness kClerkLateness{.chance = 0.03, .days_max = 6};
constexpr Lateness kScannerLateness{.chance = 0.4, .days_max = 12};

// What a register is told on the day: what it knows since when, and when it heard last.
struct Entry {
  double since = 0;
  double changed = 0;
  bool is_new = false;
  std::size_t place = 0;  ///< among the day's entries
};

// The consents of the day's end, but for the one that changed at this moment.
struct Consents {
  const Presence& presence;
  std::optional<ConsentChange> change;
  [[nodiscard]] bool to(Medium medium) const {
    return change && change->medium == medium ? change->given : presence.consents(medium);
  }
};

std::string_view si_no(bool yes) { return yes ? "S" : "N"; }
std::string_view yes_no(bool yes) { return yes ? "yes" : "no"; }

// 31/12/1980 of 1980-12-31, whatever stands for the digits.
std::string day_first(const std::string& date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return date;
  return date.substr(8) + '/' + date.substr(5, 2) + '/' + date.substr(0, 4);
}

std::string_view country_in_spanish(std::string_view code) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kNames = {
      {{"ES", "Espa\u00f1a"}, {"FR", "Francia"}, {"DE", "Alemania"}, {"GB", "Reino Unido"}}};
  const auto* const found = std::ranges::find(kNames, code, &std::pair<std::string_view, std::string_view>::first);
  return found == kNames.end() ? code : found->second;
}

void crm_row(const Day& day, const WrittenPerson& person, const Entry& entry, const Consents& consents,
             const Telling& telling) {
  FieldLine line(day.add(Silo::kCrm, telling), ';', Letters::kLatin1);
  line.plain(day.crm_id()).text(person.given_name).text(person.family_name).text(person.email);
  // A clerk who gets no mobile number asks for the one at home.
  line.spanish_phone(person.phone.empty() && day.pen.noise > 0 ? day.identity().landline : person.phone);
  line.text(person.street).text(person.city).text(person.postcode);
  line.text(country_in_spanish(day.identity().address.country)).text(day_first(person.birth_date));
  line.plain(day.person.gender == Gender::kFemale ? "M" : "H");
  line.time(entry.since, TimeForm::kSpanish).time(entry.changed, TimeForm::kSpanish);
  line.plain(si_no(consents.to(Medium::kSms))).plain(si_no(consents.to(Medium::kPrint)));
  line.plain(si_no(consents.to(Medium::kStaff))).end();
}

void write_crm(const Day& day, const Entry& entry, const Consents& consents) {
  const WrittenPerson person = written(day, kClerk, RecordOf::kCrm);
  Rng rng = day.chance(Silo::kCrm, entry.place);
  const Telling telling = day.told(rng, kClerkLateness);
  if (!day.errs(rng, kWrongFirst) || !entry.is_new || person.family_name.empty())
    return crm_row(day, person, entry, consents, telling);
  WrittenPerson wrong = person;
  wrong.family_name = with_typo(with_typo(person.family_name + " ", rng), rng);
  wrong.email.clear();
  crm_row(day, wrong, entry, consents, telling);
  Entry right = entry;
  const Telling later = Day::put_right(rng, telling);
  right.changed = later.day.days + 0.4;
  crm_row(day, person, right, consents, later);
}

// The second time somebody signs up with what she takes for the same address.
std::string spelled_anew(const Day& day, const std::string& email) {
  const std::size_t at = email.find('@');
  if (email.empty() || at == std::string::npos || at == 0) return email;
  Rng rng({.seed = day.pen.seed,
           .subject = day.person.id.number,
           .day = static_cast<std::uint32_t>(RecordOf::kSecondAccount),
           .purpose = static_cast<std::uint32_t>(Purpose::kDelivering)});
  const bool other = day.errs(rng, 0.6);
  const std::uint32_t how = rng.below(3);
  if (!other) return email;
  if (how == 0)
    return static_cast<char>(email[0] >= 'a' && email[0] <= 'z' ? email[0] - 'a' + 'A' : email[0]) + email.substr(1);
  if (how == 1) return email.substr(0, at) + "+shop" + email.substr(at);
  return with_typo(email.substr(0, at), rng) + email.substr(at);
}

void write_account(const Day& day, const Entry& entry, const Consents& consents, bool second) {
  WrittenPerson person = written(day, kWebForm, second ? RecordOf::kSecondAccount : RecordOf::kAccount);
  // There is no account without an address to confirm.
  if (person.email.empty()) person.email = day.identity().email;
  if (second) person.email = spelled_anew(day, person.email);
  FieldLine line(day.rows.add(Silo::kAccounts, day.date), ',');
  line.plain(day.account_id(second)).text(person.email).text(person.given_name).text(person.family_name);
  line.text(person.phone).text(person.street).text(person.city).text(person.postcode);
  line.plain(day.identity().address.country).text(person.birth_date).plain(yes_no(consents.to(Medium::kAds)));
  line.time(entry.since, TimeForm::kIsoUtc).time(entry.changed, TimeForm::kIsoUtc).end();
}

void write_loyalty(const Day& day, const Entry& entry, const Consents& consents) {
  const WrittenPerson person = written(day, kScannedForm, RecordOf::kCard);
  Rng rng = day.chance(Silo::kLoyalty, entry.place);
  // Forms are scanned when a pile of them has come together; those of earlier years are all in.
  const Telling telling =
      entry.is_new && entry.since >= day.date.days ? day.told(rng, kScannerLateness) : Telling{.day = day.date};
  FieldLine line(day.add(Silo::kLoyalty, telling), '\t');
  std::string holder = person.given_name;
  if (!holder.empty() && !person.family_name.empty()) holder += ' ';
  line.plain(day.card_id()).text(holder + person.family_name).text(person.email).text(person.phone);
  line.text(person.street).text(person.city).text(person.postcode);
  line.plain(day.identity().address.country).text(person.birth_date);
  line.time(entry.since, TimeForm::kEnglish).time(entry.changed, TimeForm::kEnglish);
  // Whom the CRM knows, it asks; the scheme asks the others.
  const bool asks = !day.presence.in(Register::kCrm);
  for (const Medium medium : {Medium::kSms, Medium::kPrint, Medium::kStaff})
    line.plain(asks ? yes_no(consents.to(medium)) : std::string_view());
  line.end();
}

void write_newsletter(const Day& day, const Entry& entry, const Consents& consents) {
  WrittenPerson person = written(day, kWebForm, RecordOf::kNewsletter);
  if (person.email.empty()) person.email = day.identity().email;
  FieldLine line(day.rows.add(Silo::kNewsletter, day.date), ',');
  line.plain(day.subscriber_id()).text(person.email).text(person.given_name).text(person.family_name);
  line.plain(consents.to(Medium::kEmail) ? "Subscribed" : "Unsubscribed");
  line.time(entry.since, TimeForm::kAmerican).time(entry.changed, TimeForm::kAmerican).end();
}

void write_app(const Day& day, const Entry& entry, const Consents& consents) {
  std::string& out = day.rows.add(Silo::kApp, day.date);
  out += R"({"id":null,"e":")";
  out += entry.is_new ? "install" : "settings";
  out += R"(","t":)";
  append_time(out, entry.changed, TimeForm::kEpochMillis);
  out += R"(,"ctx":{"device":")";
  out += day.device_id(0);
  out += R"(","account":)";
  if (day.presence.in(Register::kAccount)) {
    append_json(out, day.account_id(false));
  } else {
    out += "null";
  }
  out += R"(},"push":)";
  out += consents.to(Medium::kPush) ? "true" : "false";
  out += "}\n";
}

void write_social(const Day& day, const Entry& entry) {
  const WrittenPerson person = written(day, kWebForm, RecordOf::kSocial);
  Rng rng = lasting_chance(day.pen.seed, day.person.id, Purpose::kDelivering);
  const bool tells_address = rng.chance(0.3);
  FieldLine line(day.rows.add(Silo::kSocial, day.date), ',');
  line.plain("").plain(day.handle()).text(person.given_name + ' ' + person.family_name);
  line.text(tells_address ? std::string_view(person.email) : std::string_view()).plain("profile");
  line.time(entry.changed, TimeForm::kIsoUtc).end();
}

void write_entry(const Day& day, Register where, const Entry& entry, const Consents& consents) {
  switch (where) {
    case Register::kCrm: return write_crm(day, entry, consents);
    case Register::kAccount: return write_account(day, entry, consents, false);
    case Register::kSecondAccount: return write_account(day, entry, consents, true);
    case Register::kCard: return write_loyalty(day, entry, consents);
    case Register::kNewsletter: return write_newsletter(day, entry, consents);
    case Register::kApp: return write_app(day, entry, consents);
    case Register::kSocial: return write_social(day, entry);
  }
}

Silo silo_of(Register where) {
  switch (where) {
    case Register::kCrm: return Silo::kCrm;
    case Register::kAccount:
    case Register::kSecondAccount: return Silo::kAccounts;
    case Register::kCard: return Silo::kLoyalty;
    case Register::kNewsletter: return Silo::kNewsletter;
    case Register::kApp: return Silo::kApp;
    case Register::kSocial: return Silo::kSocial;
  }
  return Silo::kCrm;
}

// The one register that keeps a person's word on a medium.
std::optional<Register> keeper_of(const Presence& presence, Medium medium) {
  const auto first_of = [&](std::initializer_list<Register> registers) -> std::optional<Register> {
    const auto* const found = std::ranges::find_if(registers, [&](Register where) { return presence.in(where); });
    return found == registers.end() ? std::nullopt : std::optional(*found);
  };
  switch (medium) {
    case Medium::kEmail: return first_of({Register::kNewsletter});
    case Medium::kPush: return first_of({Register::kApp});
    case Medium::kAds: return first_of({Register::kAccount});
    case Medium::kSms:
    case Medium::kPrint:
    case Medium::kStaff: return first_of({Register::kCrm, Register::kCard});
  }
  return std::nullopt;
}

// When a register took the person on: before the world opened nobody noted the hour.
double since_of(const Day& day, Register where, double moment) {
  const Date since = day.presence.since.at(static_cast<std::size_t>(where)).value_or(day.date);
  return since < day.date ? since.days + 0.5 : moment;
}

}  // namespace

void write_persons(const Day& day) {
  std::size_t place = 0;
  for (const Registration& registration : day.events.registrations) {
    const double since = since_of(day, registration.where, registration.moment);
    const Entry entry{.since = since,
                      .changed = registration.is_new ? since : registration.moment,
                      .is_new = registration.is_new,
                      .place = place++};
    if (registration.is_new) {
      const std::string id = day.customer_number({registration.where});
      day.own_record(form_of(silo_of(registration.where)).name, id, day_of(since));
    }
    write_entry(day, registration.where, entry, {.presence = day.presence, .change = std::nullopt});
  }
  for (const ConsentChange& change : day.events.consents) {
    const std::optional<Register> keeper = keeper_of(day.presence, change.medium);
    if (!keeper) continue;
    const Entry entry{.since = since_of(day, *keeper, change.moment), .changed = change.moment, .place = place++};
    write_entry(day, *keeper, entry, {.presence = day.presence, .change = change});
  }
}

}  // namespace hilo::world
