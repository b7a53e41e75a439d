#include "world/silos/day.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "world/silos/text.h"

namespace hilo::world {
namespace {

// Below the id of every register there is room for as many persons as anybody simulates.
constexpr int kPersonBits = 36;

// The first day of the month after the one that a day lies in.
Date next_month(Date day) {
  const CivilDate date = civil(day);
  constexpr int kNextMonthForSure = 32;
  const Date later{day.days - date.day + kNextMonthForSure};
  return {later.days - civil(later).day + 1};
}

std::string id_of(std::uint64_t seed, char prefix, Series series, std::uint64_t number) {
  return fmt::format("{}{:011}", prefix, scrambled(seed, series, number, kPersonBits));
}

}  // namespace

Rng Day::chance(Silo silo, std::size_t place) const {
  const auto what = static_cast<std::uint32_t>(silo) << 8U | static_cast<std::uint32_t>(place) << 16U;
  return Rng({.seed = pen.seed,
              .subject = person.id.number,
              .day = static_cast<std::uint32_t>(date.days) + 1,
              .purpose = static_cast<std::uint32_t>(Purpose::kDelivering) | what});
}

bool Day::errs(Rng& rng, double rate) const { return rng.chance(std::min(1.0, rate * pen.noise)); }

Telling Day::told(Rng& rng, const Lateness& lateness) const {
  const bool late = errs(rng, lateness.chance);
  const auto days = static_cast<std::int32_t>(1 + rng.below(lateness.days_max));
  return {.day = {late ? date.days + days : date.days}};
}

Telling Day::put_right(Rng& rng, const Telling& wrong) {
  const Date later{wrong.day.days + 2 + static_cast<std::int32_t>(rng.below(12))};
  return {.day = std::max(later, next_month(wrong.day))};
}

std::string Day::crm_id() const { return id_of(pen.seed, 'K', Series::kCrm, person.id.number); }
std::string Day::account_id(bool second) const {
  return id_of(pen.seed, 'U', Series::kAccount, person.id.number * 2 + (second ? 1 : 0));
}
std::string Day::card_id() const { return id_of(pen.seed, 'L', Series::kCard, person.id.number); }
std::string Day::subscriber_id() const { return id_of(pen.seed, 'N', Series::kSubscriber, person.id.number); }

std::string Day::device_id(std::uint32_t device) const {
  constexpr std::uint32_t kTablet = 9;
  if (device != kTablet) return fmt::format("dv{:012x}", number_of(pen.seed, Series::kDevice, person.id, device));
  // The household's: numbered after its founder and which of her households it is.
  const std::uint64_t household = identity().household;
  return fmt::format("dv{:012x}", number_of(pen.seed, Series::kDevice, PersonId{household % kFoundedLater},
                                            kTablet + household / kFoundedLater));
}

std::string Day::handle() const {
  std::string name = "@";
  for (const char c : without_accents(identity().given_name)) {
    if (c >= 'a' && c <= 'z') name += c;
    if (c >= 'A' && c <= 'Z') name += static_cast<char>(c - 'A' + 'a');
  }
  return fmt::format("{}.{:x}", name, scrambled(pen.seed, Series::kHandle, person.id.number, kPersonBits));
}

std::string Day::customer_number(std::initializer_list<Register> registers) const {
  for (const Register where : registers) {
    if (!presence.in(where)) continue;
    switch (where) {
      case Register::kCrm: return crm_id();
      case Register::kAccount: return account_id(false);
      case Register::kSecondAccount: return account_id(true);
      case Register::kCard: return card_id();
      case Register::kNewsletter: return subscriber_id();
      case Register::kApp: return device_id(0);
      case Register::kSocial: return handle();
    }
  }
  return {};
}

void Day::own_record(std::string_view silo, std::string_view record, Date from) const {
  FieldLine line(rows.add(Silo::kTruthRecords, date), ',');
  line.plain(silo).plain(record).number(static_cast<std::int64_t>(person.id.number));
  line.time(from.days, TimeForm::kLocalDay).end();
}

void Day::own_event(Silo silo, std::string_view event, Date on) const {
  FieldLine line(rows.add(Silo::kTruthEvents, on), ',');
  line.plain(form_of(silo).name).plain(event).number(static_cast<std::int64_t>(person.id.number));
  line.time(on.days, TimeForm::kLocalDay).end();
}

WrittenPerson written(const Day& day, const ErrorRates& rates, RecordOf record, std::uint32_t place) {
  return write_down(day.pen.seed, day.person, day.date, rates, day.pen.noise,
                    static_cast<std::uint32_t>(record) + place);
}

}  // namespace hilo::world
