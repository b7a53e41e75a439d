#include "world/truth/truth_rows.h"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace hilo::world {
namespace {

template <class... Values>
void row(std::string& out, fmt::format_string<Values...> format, Values&&... values) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Values>(values)...);
}

// RFC 4180: names and streets may hold commas.
std::string quoted(const std::string& text) {
  return text.find_first_of(",\"") == std::string::npos ? text : '"' + text + '"';
}

std::string_view habit_name(Habit habit) {
  switch (habit) {
    case Habit::kStoreOnly: return "store";
    case Habit::kHybrid: return "hybrid";
    case Habit::kOnlineOnly: return "online";
  }
  return "";
}

std::int64_t gain_micros(const PotentialOutcomes& outcomes) {
  return std::llround(outcomes.expected_gain_eur * 1e6) - outcomes.campaign->offer->contact_cost_micros;
}

}  // namespace

void write_truth_person(const WorldFacts& world, const Person& person, const Character& character, Date first,
                        Rows& rows) {
  std::string& out = rows.add(Silo::kTruthPersons, first);
  const bool textbook = world.regime == Regime::kTextbook;
  const double rate = textbook ? character.textbook.purchases_per_day : character.purchases_per_day;
  const double value = textbook ? expected_value(character.textbook, world.textbook_figures) : character.mean_value_eur;
  row(out, "{},{},{},{},{},{},{:.6g},{:.6g},{:.6g},{:.6g},{:.6g},{:.4f},{:.4f},{:.4f},{},{}\n", person.id.number,
      textbook ? "textbook" : kind_name(character.kind), habit_name(character.habit),
      person.gender == Gender::kFemale ? "F" : "M", to_string(person.born_on), to_string(character.joined_on),
      rate * 365.25, textbook ? character.textbook.dropout_chance : 0, character.dropout_per_day * 365.25, value,
      character.trend_per_day * 365.25, character.online_share, character.leaning, character.hidden,
      character.in_control_group ? "true" : "false", character.home->id);
  write_truth_identity(person, person.on(first), first, rows);
}

void write_truth_identity(const Person& person, const Identity& identity, Date day, Rows& rows) {
  row(rows.add(Silo::kTruthIdentities, day), "{},{},{},{},{},{},{},{},{},{},{}\n", person.id.number, to_string(day),
      identity.household, quoted(identity.given_name), quoted(identity.family_name), identity.email, identity.mobile,
      quoted(identity.address.street), quoted(identity.address.city), identity.address.postcode,
      identity.address.country);
}

void write_truth_milestone(const Person& person, std::string_view milestone, double moment, Date told_on, Rows& rows) {
  row(rows.add(Silo::kTruthMilestones, told_on), "{},{},{}\n", person.id.number, milestone,
      to_string(Instant{std::llround(moment * 86'400) * 1'000'000}).substr(0, 19));
}

void write_truth_assignment(const Person& person, const Character& character, const PotentialOutcomes& outcomes,
                            Rows& rows) {
  const Decision& decision = outcomes.decision;
  const Campaign& campaign = *outcomes.campaign;
  row(rows.add(Silo::kTruthAssignments, campaign.on),
      "{},{},{},{},{},{:.6f},{},{},{},{},{},{},{},{},{},{:.4f},{:.4f}\n", campaign_id(campaign.number),
      campaign.offer->id, person.id.number, kind_name(character.kind), to_string(campaign.on), decision.propensity,
      decision.treated ? 1 : 0, decision.held_out ? 1 : 0, outcomes.noticed ? 1 : 0, outcomes.untreated.orders,
      outcomes.treated.orders, outcomes.untreated.spend_cents, outcomes.treated.spend_cents,
      outcomes.untreated.margin_cents, outcomes.treated.margin_cents, outcomes.expected_gain_eur,
      static_cast<double>(campaign.offer->contact_cost_micros) / 1e6);
}

CampaignTotals& CampaignTotals::operator+=(const CampaignTotals& other) {
  decisions += other.decisions;
  treated += other.treated;
  worthwhile += other.worthwhile;
  as_run_micros += other.as_run_micros;
  all_micros += other.all_micros;
  oracle_micros += other.oracle_micros;
  return *this;
}

void add(CampaignTotals& totals, const PotentialOutcomes& outcomes) {
  const std::int64_t gain = gain_micros(outcomes);
  totals += {.decisions = 1,
             .treated = outcomes.decision.treated ? 1 : 0,
             .worthwhile = gain > 0 ? 1 : 0,
             .as_run_micros = outcomes.decision.treated ? gain : 0,
             .all_micros = gain,
             .oracle_micros = gain > 0 ? gain : 0};
}

std::map<std::string, std::string> truth_tables(const WorldFacts& world, Date until,
                                                const std::map<std::uint32_t, CampaignTotals>& totals) {
  std::string listed = "offer,title,medium,form,notice_chance,delay_days,lasting_days,coupon_share,contact_cost_eur\n";
  std::string effects = "offer,kind,rate_factor,dropout_factor,store_shift\n";
  for (const Offer& offer : offers()) {
    row(listed, "{},{},{},{},{},{},{},{},{}\n", offer.id, offer.title, medium_name(offer.medium), offer.form,
        offer.notice_chance, offer.delay_days, offer.lasting_days, offer.coupon_share,
        static_cast<double>(offer.contact_cost_micros) / 1e6);
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      const Effect& effect = offer.effects.at(kind);
      row(effects, "{},{},{},{},{}\n", offer.id, kind_name(static_cast<Kind>(kind)), effect.rate_factor,
          effect.dropout_factor, effect.store_shift);
    }
  }
  std::string calendar = "day,online_factor,store_factor,promotion_factor\n";
  for (Date day = world.opened_on; day < until; ++day.days) {
    const DayFactors& factors = world.factors(day);
    row(calendar, "{},{:.6f},{:.6f},{:.6f}\n", to_string(day), factors.online, factors.store, factors.promotion);
  }
  std::string policies =
      "campaign,offer,day,decisions,treated,worthwhile,gain_as_run_eur,gain_all_eur,gain_oracle_eur\n";
  for (const Campaign& campaign : world.campaigns) {
    if (campaign.on >= until) break;
    const auto found = totals.find(campaign.number);
    const CampaignTotals total = found == totals.end() ? CampaignTotals{} : found->second;
    row(policies, "{},{},{},{},{},{},{:.2f},{:.2f},{:.2f}\n", campaign_id(campaign.number), campaign.offer->id,
        to_string(campaign.on), total.decisions, total.treated, total.worthwhile,
        static_cast<double>(total.as_run_micros) / 1e6, static_cast<double>(total.all_micros) / 1e6,
        static_cast<double>(total.oracle_micros) / 1e6);
  }
  return {{"truth/offers.csv", std::move(listed)},
          {"truth/effects.csv", std::move(effects)},
          {"truth/calendar.csv", std::move(calendar)},
          {"truth/policies.csv", std::move(policies)}};
}

}  // namespace hilo::world
