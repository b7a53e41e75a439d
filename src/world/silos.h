// How each silo writes its rows. A silo has its own columns, separators and words; all of them tell of the same people.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "world/catalogue.h"
#include "world/errors.h"
#include "world/people.h"

namespace hilo::world {

enum class Silo : std::uint8_t { kCrm, kShop, kTills, kTruthPersons, kTruthEvents };
inline constexpr std::size_t kSilos = 5;

/// A silo's folder and file name, and the line of column names that its files begin with.
struct SiloForm {
  std::string_view folder;
  std::string_view name;
  std::string_view header;
};
[[nodiscard]] const SiloForm& form_of(Silo silo);

/// A purchase as it happened.
struct Sale {
  double moment = 0;             ///< days since 1970-01-01, local time
  std::uint64_t number = 0;      ///< within its silo; two silos may use the same
  const Store* store = nullptr;  ///< null = on the web
  bool names_nobody = false;     ///< a receipt without a card
  std::vector<Line> lines;
};

/// Appends a customer's row of the CRM, as of the day on which she was taken on.
void write_crm(const Person& person, const WrittenPerson& written, Date day, std::string& out);
/// Appends the lines of a web order.
void write_shop(const Person& person, const WrittenPerson& account, const Sale& sale, std::string& out);
/// Appends the lines of a till receipt.
void write_tills(const Person& person, const Sale& sale, std::string& out);
/// Appends who a person is: her household, and the ids by which each silo knows her.
void write_truth_person(const Person& person, std::string& out);
/// Appends whose sale it was.
void write_truth_event(const Person& person, const Sale& sale, std::string& out);

}  // namespace hilo::world
