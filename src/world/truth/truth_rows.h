// What really is: rows of truth/ that no silo could write.
#pragma once

#include <map>
#include <string>

#include "world/silos/silo.h"
#include "world/truth/outcomes.h"

namespace hilo::world {

/// Appends who a person is for good, and her name, address, phone and e-mail as she enters the world.
void write_truth_person(const WorldFacts& world, const Person& person, const Character& character, Date first,
                        Rows& rows);
/// Appends what changed of them on a day, where something did.
void write_truth_identity(const Person& person, const Identity& identity, Date day, Rows& rows);
/// Appends that a person dropped out, or went online. **Units**: `moment` in days since 1970-01-01.
void write_truth_milestone(const Person& person, std::string_view milestone, double moment, Date told_on, Rows& rows);
/// Appends both outcomes of a decision among the rows of the decision's day.
void write_truth_assignment(const Person& person, const Character& character, const PotentialOutcomes& outcomes,
                            Rows& rows);

/// What campaigns came to, over all decisions. **Units**: a millionth of a EUR, as an e-mail costs less than a cent;
/// `oracle` treats whoever is expected to bring more than the message costs.
struct CampaignTotals {
  std::int64_t decisions = 0;
  std::int64_t treated = 0;
  std::int64_t worthwhile = 0;  ///< decisions in which the message was expected to bring more than its cost
  std::int64_t as_run_micros = 0;
  std::int64_t all_micros = 0;
  std::int64_t oracle_micros = 0;
  CampaignTotals& operator+=(const CampaignTotals& other);
};
void add(CampaignTotals& totals, const PotentialOutcomes& outcomes);

/// Returns the files of truth/ that do not grow with the number of persons: offers, their effects by kind of person,
/// the calendar's factors, the campaigns with what they came to. Name -> text.
/// Of campaigns and days those before `until`.
[[nodiscard]] std::map<std::string, std::string> truth_tables(const WorldFacts& world, Date until,
                                                              const std::map<std::uint32_t, CampaignTotals>& totals);

}  // namespace hilo::world
