#include "world/behaviour/character.h"

#include <array>
#include <cmath>

namespace hilo::world {
namespace {

constexpr double kDaysPerYear = 365.25;
constexpr int kJoiningDays = 365;
constexpr int kDaysBefore = 5 * 365;
constexpr double kShareBefore = 0.55;
constexpr std::uint64_t kPersonsPerBook = 768;  // 64 cells
constexpr double kMeanAgeDays = 45 * kDaysPerYear;

struct KindFigures {
  double share;
  double purchases_per_year;
  double dropouts_per_year;
  double mean_value_eur;
  double sessions_per_year;
  double openness;
};
constexpr std::array<KindFigures, kKinds> kKindTable = {{
    {0.18, 6.0, 0.08, 62, 6, 1.4},    // loyal
    {0.24, 3.2, 0.25, 38, 6, 1.2},    // bargain hunter
    {0.20, 1.6, 0.35, 55, 10, 1.0},   // browser
    {0.26, 1.4, 0.30, 52, 2, 0.7},    // occasional
    {0.10, 2.0, 1.20, 48, 2, 0.5},    // drifting
    {0.02, 11.0, 0.10, 420, 2, 0.4},  // wholesale
}};

Kind draw_kind(Rng& rng) {
  static const WeightedChoice kChoice([] {
    std::array<double, kKinds> shares{};
    for (std::size_t kind = 0; kind < kKinds; ++kind) shares.at(kind) = kKindTable.at(kind).share;
    return shares;
  }());
  return static_cast<Kind>(kChoice.pick(rng));
}

// Those of mean leaning fall to the three habits in these shares.
Habit draw_habit(double leaning, Rng& rng) {
  const double at = leaning + 0.8 * rng.normal();
  if (at > 0.95) return Habit::kOnlineOnly;
  return at > 0.35 ? Habit::kHybrid : Habit::kStoreOnly;
}

double draw_online_share(Habit habit, Rng& rng) {
  switch (habit) {
    case Habit::kOnlineOnly: return 0.97;
    case Habit::kHybrid: return 0.2 + 0.6 * rng.uniform();
    case Habit::kStoreOnly: return 0.35 + 0.5 * rng.uniform();  // from the day on which she goes online
  }
  return 0;
}

Date draw_joining(const WorldFacts& world, PersonId person) {
  Rng rng = lasting_chance(world.seed, person, Purpose::kJoining);
  if (rng.chance(kShareBefore)) return {world.opened_on.days - 1 - static_cast<std::int32_t>(rng.below(kDaysBefore))};
  return {world.opened_on.days + static_cast<std::int32_t>(rng.below(kJoiningDays))};
}

// Most buy for themselves.
bool made_for_others(std::string_view category, Gender gender) {
  const bool for_women = category.starts_with("Women") || category == "Dresses" || category.starts_with("Lingerie");
  return gender == Gender::kMale ? for_women : category.starts_with("Men");
}

// What decides where and what somebody buys, in every regime.
void draw_surroundings(const WorldFacts& world, const Person& person, Character& character) {
  Rng rng = lasting_chance(world.seed, person.id, Purpose::kHabits);
  const std::string_view country = country_of(person.language);
  const std::vector<std::uint32_t>& associates = world.catalogue->associates_in(country);
  // Neighbours of one country share an associate: her book lies within one block of persons.
  character.associate = associates[(person.id.number / kPersonsPerBook * 61 + 7) % associates.size()];
  character.home = rng.chance(0.7) ? world.catalogue->associates()[character.associate].store
                                   : &world.catalogue->pick_store_in(country, rng);
  character.buys_as_guest = rng.chance(0.12);
  character.in_control_group = rng.chance(kControlGroupShare);
  Rng taste = lasting_chance(world.seed, person.id, Purpose::kTaste);
  for (std::size_t& category : character.taste) {
    category = world.catalogue->pick_category(taste);
    while (made_for_others(world.catalogue->category_name(category), person.gender) && taste.chance(0.85))
      category = world.catalogue->pick_category(taste);
  }
}

}  // namespace

Character draw_character(const WorldFacts& world, const Person& person) {
  Character character;
  draw_surroundings(world, person, character);
  Rng rng = lasting_chance(world.seed, person.id, Purpose::kNature);
  const double age_days = world.opened_on.days - person.born_on.days;
  character.leaning = -0.5 * (age_days - kMeanAgeDays) / (15 * kDaysPerYear) + 0.87 * rng.normal();
  character.hidden = rng.normal();
  const double rate_normal = rng.normal();
  const double value_normal = rng.normal();
  character.kind = draw_kind(rng);
  character.habit = draw_habit(character.leaning, rng);
  character.online_share = draw_online_share(character.habit, rng);
  character.openness = rng.gamma(4, 4);
  const double trend_normal = rng.normal();
  const KindFigures& kind = kKindTable.at(static_cast<std::size_t>(character.kind));
  const bool online = character.habit != Habit::kStoreOnly;
  character.sessions_per_day =
      kind.sessions_per_year / kDaysPerYear * std::exp(0.5 * character.leaning) * (online ? 1 : 0.3);
  character.visits_per_day = character.habit == Habit::kOnlineOnly ? 0.2 / kDaysPerYear : 3 / kDaysPerYear;
  character.social_per_day = 2 / kDaysPerYear;
  if (world.regime == Regime::kTextbook) {
    character.textbook = draw_character(world.seed, person.id, world.textbook_figures, world.opened_on, kJoiningDays);
    character.joined_on = character.textbook.joined_on;
    return character;
  }
  const RealFigures& figures = real_figures(world.regime);
  const double correlation = figures.rate_value_correlation;
  const double value = correlation * rate_normal + std::sqrt(1 - correlation * correlation) * value_normal;
  // Half the variance is taken off, so that the mean of a kind is what its table says.
  const auto scatter = [](double spread, double normal) { return std::exp(spread * normal - spread * spread / 2); };
  character.joined_on = draw_joining(world, person.id);
  // On Sundays stores are closed.
  if (!online && factors_of(character.joined_on).store == 0) ++character.joined_on.days;
  character.openness *= kind.openness;
  character.purchases_per_day = kind.purchases_per_year / kDaysPerYear * scatter(figures.rate_spread, rate_normal);
  character.dropout_per_day = kind.dropouts_per_year / kDaysPerYear;
  character.mean_value_eur =
      kind.mean_value_eur * scatter(figures.value_spread, value) * scatter(figures.hidden_on_value, character.hidden);
  character.trend_per_day =
      (figures.trend_spread * trend_normal + figures.hidden_on_trend * character.hidden) / kDaysPerYear;
  character.moves_online_per_day =
      figures.moves_online_per_year / kDaysPerYear * scatter(figures.leaning_weight, character.leaning) *
      scatter(figures.value_weight, value) * scatter(figures.hidden_weight, character.hidden);
  return character;
}

}  // namespace hilo::world
