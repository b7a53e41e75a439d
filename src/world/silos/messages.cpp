// What left the retailer, by every medium, and what came of it; and the log of who was meant to get what.
#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "world/silos/day.h"
#include "world/silos/text.h"

namespace hilo::world {
namespace {

constexpr Lateness kPrintLateness{.chance = 0.3, .days_max = 14};
constexpr Lateness kStaffLateness{.chance = 0.15, .days_max = 4};
constexpr Lateness kAdLateness{.chance = 0.05, .days_max = 3};

enum class Outcome : std::uint8_t { kSent, kBounced, kOpened, kClicked, kUnsubscribed };
constexpr std::size_t kOutcomes = 5;

// The words of each service, by outcome. Where it has none, it does not tell.
using Words = std::array<std::string_view, kOutcomes>;
constexpr Words kEmailWords = {"delivered", "bounce", "open", "click", "unsubscribe"};
constexpr Words kSmsWords = {"enviado", "rechazado", "leido", "clic", "baja"};
constexpr Words kPushWords = {"sent", "failed", "opened", "tapped", "muted"};
constexpr Words kAdWords = {"impression", "", "viewed", "click", "hidden"};
constexpr Words kPrintWords = {"posted", "", "", "", ""};
constexpr Words kStaffWords = {"contacted", "not reached", "answered", "appointment", "wants no more"};

struct Service {
  Silo silo;
  const Words& words;
};

Service service_of(Medium medium) {
  switch (medium) {
    case Medium::kEmail: return {Silo::kEmail, kEmailWords};
    case Medium::kSms: return {Silo::kSms, kSmsWords};
    case Medium::kPush: return {Silo::kPush, kPushWords};
    case Medium::kAds: return {Silo::kAds, kAdWords};
    case Medium::kPrint: return {Silo::kPrint, kPrintWords};
    case Medium::kStaff: return {Silo::kClienteling, kStaffWords};
  }
  return {Silo::kEmail, kEmailWords};
}

struct Told {
  const Message& message;
  std::string_view id;
  std::string_view word;
  double moment = 0;
  Telling telling;
};

void email_row(const Day& day, const Told& told) {
  FieldLine line(day.add(Silo::kEmail, told.telling), ',');
  line.plain(told.id).plain(
      day.customer_number({Register::kNewsletter, Register::kAccount, Register::kCrm, Register::kCard}));
  line.plain(campaign_id(told.message.campaign)).plain(told.word).time(told.moment, TimeForm::kAmerican).end();
}

void sms_row(const Day& day, const Told& told) {
  FieldLine line(day.add(Silo::kSms, told.telling), ';');
  line.plain(told.id).spanish_phone(day.identity().mobile).plain(campaign_id(told.message.campaign));
  line.time(told.moment, TimeForm::kSpanish).plain(told.word).end();
}

void push_row(const Day& day, const Told& told) {
  fmt::format_to(std::back_inserter(day.add(Silo::kPush, told.telling)),
                 R"({{"id":"{}","to":{{"device":"{}"}},"campaign":"{}","status":"{}","ts":{}}})"
                 "\n",
                 told.id, day.device_id(0), campaign_id(told.message.campaign), told.word, utc_millis(told.moment));
}

void ad_row(const Day& day, const Told& told) {
  constexpr std::uint32_t kComputer = 1;
  FieldLine line(day.add(Silo::kAds, told.telling), ',');
  line.plain(told.id);
  line.plain(day.presence.in(Register::kAccount) ? day.account_id(false) : day.device_id(kComputer));
  line.plain(campaign_id(told.message.campaign)).plain(told.word).time(told.moment, TimeForm::kIsoUtc).end();
}

void print_row(const Day& day, const Told& told) {
  const WrittenPerson person = written(day, kScannedForm, RecordOf::kCard);
  FieldLine line(day.add(Silo::kPrint, told.telling), ',', Letters::kLatin1);
  std::string recipient = person.family_name;
  if (!recipient.empty() && !person.given_name.empty()) recipient += ", ";
  line.plain(told.id).text(recipient + person.given_name).text(person.street).text(person.postcode).text(person.city);
  line.plain(day.identity().address.country);
  line.plain(day.customer_number({Register::kCard, Register::kCrm, Register::kAccount}));
  line.plain(campaign_id(told.message.campaign)).time(told.moment, TimeForm::kLocalDay).end();
}

void staff_row(const Day& day, const Told& told) {
  const auto& associates = day.pen.catalogue->associates();
  const std::uint32_t who = told.message.associate;
  FieldLine line(day.add(Silo::kClienteling, told.telling), ';');
  line.plain(told.id).time(told.moment, TimeForm::kIsoLocal);
  line.plain(who < associates.size() ? std::string_view(associates[who].id) : std::string_view());
  line.plain(day.customer_number({Register::kCard, Register::kCrm, Register::kAccount}));
  line.plain(campaign_id(told.message.campaign)).plain(told.word).end();
}

// What comes of a message may lie on the next day, and is told then.
Telling told_on(const Day& day, Silo silo, std::size_t place, Date on) {
  Rng rng = day.chance(silo, place);
  Telling telling{.day = on};
  if (silo == Silo::kPrint) telling = day.told(rng, kPrintLateness);
  if (silo == Silo::kClienteling) telling = day.told(rng, kStaffLateness);
  if (silo == Silo::kAds) telling = day.told(rng, kAdLateness);
  return {.day = std::max(on, telling.day), .part = telling.part};
}

void write_message(const Day& day, const Message& message, std::size_t place) {
  const Service service = service_of(message.medium);
  const std::uint64_t number = number_of(day.pen.seed, Series::kMessage, day.person.id, message.campaign);
  const auto write = [&](Outcome outcome, double moment) {
    const auto which = static_cast<std::size_t>(outcome);
    if (service.words.at(which).empty()) return;
    const std::string id = fmt::format("m{:x}-{}", number, which + 1);
    const Date on = day_of(moment);
    const Told told{.message = message,
                    .id = id,
                    .word = service.words.at(which),
                    .moment = moment,
                    .telling = told_on(day, service.silo, place * kOutcomes + which, on)};
    switch (message.medium) {
      case Medium::kEmail: email_row(day, told); break;
      case Medium::kSms: sms_row(day, told); break;
      case Medium::kPush: push_row(day, told); break;
      case Medium::kAds: ad_row(day, told); break;
      case Medium::kPrint: print_row(day, told); break;
      case Medium::kStaff: staff_row(day, told); break;
    }
    day.own_event(service.silo, id, on);
  };
  write(Outcome::kSent, message.moment);
  if (message.bounced) write(Outcome::kBounced, message.moment);
  if (message.opened_at) write(Outcome::kOpened, *message.opened_at);
  if (message.clicked_at) write(Outcome::kClicked, *message.clicked_at);
  if (message.unsubscribed_at) write(Outcome::kUnsubscribed, *message.unsubscribed_at);
}

}  // namespace

void write_messages(const Day& day) {
  for (std::size_t at = 0; at < day.events.messages.size(); ++at) write_message(day, day.events.messages[at], at);
}

void write_decisions(const Day& day) {
  for (const Assignment& assignment : day.events.assignments) {
    const std::string id =
        fmt::format("d{:x}", number_of(day.pen.seed, Series::kDecision, day.person.id, assignment.campaign));
    FieldLine line(day.rows.add(Silo::kDecisions, day.date), ',');
    line.plain(id).plain(campaign_id(assignment.campaign));
    line.plain(day.customer_number({Register::kCrm, Register::kAccount, Register::kCard, Register::kNewsletter,
                                    Register::kApp, Register::kSocial}));
    line.time(assignment.moment, TimeForm::kIsoUtc);
    fmt::format_to(std::back_inserter(line.open()), "{}", assignment.propensity);
    line.plain(assignment.treated ? "true" : "false").plain(assignment.held_out ? "true" : "false").end();
    day.own_event(Silo::kDecisions, id, day.date);
  }
}

}  // namespace hilo::world
