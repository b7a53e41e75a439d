#include "world/writing/block.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace hilo::world {
namespace {

struct Life {
  Person person;
  Character character;
  CustomerState state;
  Alternatives alternatives;
  Date first;                     // the day of the first step
  std::size_t next_identity = 0;  // the next change of name, address, phone or e-mail
  Date changes_on;                // its day; kept here, as it is asked for every day
};

class Block {
 public:
  Block(const WorldFacts& world, const Pen& pen, const BlockPlan& plan)
      : world_(world), pen_(pen), plan_(plan), until_(plan.until) {
    for (Date day = world.opened_on; day < until_; ++day.days)
      tells_expectations_.push_back(ends_on(plan.expectations.every, day));
  }

  void settle(std::uint64_t first_cell, std::uint64_t last_cell) {
    for (std::uint64_t cell = first_cell; cell < last_cell; ++cell) {
      for (Person& person : people_of_cell(world_.seed, cell, world_.opened_on, plan_.lived_until)) {
        if (person.id.number >= plan_.customers) continue;
        Life life;
        life.character = draw_character(world_, person);
        life.first = std::max(life.character.joined_on, world_.opened_on);
        if (life.first >= plan_.lived_until) continue;
        life.state = first_customer_state(world_, person, life.character);
        life.person = std::move(person);
        await_change(life);
        lives_.push_back(std::move(life));
      }
    }
  }

  // Decisions look at everybody at once; between two campaigns each person lives on alone. Beyond the world's end
  // everybody lives on as in a longer world, newcomers too: whom later campaigns reach depends on all of them.
  BlockRows live() {
    auto campaign = world_.campaigns.begin();
    for (Date from = world_.opened_on; from < plan_.lived_until;) {
      decisions_.clear();
      for (; campaign != world_.campaigns.end() && campaign->on == from; ++campaign) decide_on(*campaign);
      const Date next =
          campaign == world_.campaigns.end() ? plan_.lived_until : std::min(plan_.lived_until, campaign->on);
      auto decided = decisions_.begin();
      for (std::size_t at = 0; at < lives_.size(); ++at) {
        treatments_.clear();
        const auto mine = decided;
        while (decided != decisions_.end() && decided->life == at) {
          if (decided->decision.treated)
            treatments_.push_back({decided->campaign->number, decided->decision.associate});
          ++decided;
        }
        live_days(lives_[at], from, next, {mine, decided});
      }
      from = next;
    }
    return std::move(result_);
  }

 private:
  static constexpr std::int32_t kNever = 1 << 30;
  struct Decided {
    std::size_t life;
    const Campaign* campaign;
    Decision decision;
  };

  void decide_on(const Campaign& campaign) {
    std::vector<Candidate> candidates;
    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < lives_.size(); ++at) {
      const Life& life = lives_[at];
      if (life.first >= campaign.on) continue;
      candidates.push_back({&life.person, &life.character, &life.state});
      places.push_back(at);
    }
    for (const Decision& decision : decide(world_, campaign, candidates))
      decisions_.push_back({places[decision.candidate], &campaign, decision});
    // Of two campaigns on one day both concern a person at once.
    std::ranges::stable_sort(decisions_, {}, &Decided::life);
  }

  void live_days(Life& life, Date from, Date until, std::span<const Decided> decided) {
    for (Date day = std::max(from, life.first); day < until; ++day.days) {
      live_day(life, day, decided);
      // Messages are of the first day.
      treatments_.clear();
      decided = {};
    }
  }

  void live_day(Life& life, Date day, std::span<const Decided> decided) {
    const bool is_told = day < until_;
    if (is_told) {
      for (const Decided& each : decided)
        life.alternatives.open(world_, life.person.id, life.character, *each.campaign, each.decision,
                               life.state.buying);
    }
    const bool was_active = is_active(life);
    const std::int32_t was_online_since = life.state.buying.online_since;
    step(world_, {life.person, life.character}, day, treatments_, life.state, events_);
    live_otherwise(life, day);
    if (!is_told) return;
    for (const Decided& each : decided) {
      events_.assignments.push_back({.moment = message_moment(*each.campaign),
                                     .campaign = each.campaign->number,
                                     .propensity = each.decision.propensity,
                                     .treated = each.decision.treated,
                                     .held_out = each.decision.held_out});
    }
    result_.purchases += static_cast<std::int64_t>(events_.sales.size());
    tell_truth(life, day, was_active, was_online_since);
    if (!events_.empty()) write_day(pen_, life.person, life.state.presence, day, events_, result_.rows);
  }

  // The next change after the first day or after the one that was next.
  static void await_change(Life& life) {
    const std::vector<Identity>& identities = life.person.identities;
    do ++life.next_identity;
    while (life.next_identity < identities.size() && identities[life.next_identity].from <= life.first);
    life.changes_on = life.next_identity < identities.size() ? identities[life.next_identity].from : Date{kNever};
  }

  // The lives that were not led, beside that of the day.
  void live_otherwise(Life& life, Date day) {
    if (life.alternatives.empty()) return;
    life.alternatives.live(world_, life.person.id, life.character, day, treatments_, life.state);
    for (const PotentialOutcomes& outcomes : life.alternatives.close(day)) {
      write_truth_assignment(life.person, life.character, outcomes, result_.rows);
      add(result_.campaigns[outcomes.campaign->number], outcomes);
    }
  }

  [[nodiscard]] bool is_active(const Life& life) const {
    return world_.regime == Regime::kTextbook ? life.state.textbook.active : life.state.buying.active;
  }

  void tell_truth(Life& life, Date day, bool was_active, std::int32_t was_online_since) {
    if (day == life.first) {
      write_truth_person(world_, life.person, life.character, day, result_.rows);
      write_tablet(pen_, life.person, day, result_.rows);
      if (!was_active) write_truth_milestone(life.person, "dropped_out", dropped_at(life), day, result_.rows);
    }
    for (; day == life.changes_on; await_change(life)) {
      const Identity& identity = life.person.identities[life.next_identity];
      write_truth_identity(life.person, identity, day, result_.rows);
      if (life.person.identities[life.next_identity - 1].household != identity.household)
        write_tablet(pen_, life.person, day, result_.rows);
    }
    if (was_active && !is_active(life))
      write_truth_milestone(life.person, "dropped_out", dropped_at(life), day, result_.rows);
    if (was_online_since != life.state.buying.online_since)
      write_truth_milestone(life.person, "went_online", day.days, day, result_.rows);
    if (is_active(life) && tells_expectations_[static_cast<std::size_t>(day.days - world_.opened_on.days)]) {
      write_truth_expectations(life.person.id, day,
                               expectations_of(world_, life.character, life.state, day, plan_.expectations.horizons),
                               result_.rows);
    }
  }

  [[nodiscard]] double dropped_at(const Life& life) const {
    return world_.regime == Regime::kTextbook ? life.state.textbook.dropped_after : life.state.buying.dropped_at;
  }

  const WorldFacts& world_;
  const Pen& pen_;
  const BlockPlan& plan_;
  Date until_;
  std::vector<bool> tells_expectations_;  // by day
  std::vector<Life> lives_;
  std::vector<Decided> decisions_;  // of the day, by life
  std::vector<Treatment> treatments_;
  DayEvents events_;
  BlockRows result_;
};

}  // namespace

BlockRows live_block(const WorldFacts& world, const Pen& pen, const BlockPlan& plan, std::uint64_t first_cell,
                     std::uint64_t last_cell) {
  Block block(world, pen, plan);
  block.settle(first_cell, last_cell);
  return block.live();
}

}  // namespace hilo::world
