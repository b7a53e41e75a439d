// The silos of a retailer and how each exports its rows: a folder, a format, an encoding, a rhythm.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"

namespace hilo::world {

enum class Silo : std::uint8_t {
  kCrm,
  kAccounts,  ///< of the web shop
  kOrders,    ///< of the web shop
  kReturns,   ///< to the web shop
  kTills,     ///< receipts and returns in stores
  kLoyalty,
  kNewsletter,  ///< who receives e-mail, as the e-mail service knows them
  kEmail,       ///< sends, opens, clicks, bounces, unsubscribes
  kSms,
  kPush,
  kAds,
  kPrint,
  kClienteling,  ///< what sales associates did for whom
  kWeb,
  kApp,
  kVisits,
  kCalls,
  kTickets,
  kFinance,  ///< invoices and refunds: another word for sales that the shop tells of, too
  kSocial,
  kDecisions,  ///< the marketing department's log of who was to get what, with which probability
  kTruthPersons,
  kTruthIdentities,
  kTruthRecords,  ///< whose every id of every silo is
  kTruthEvents,   ///< whose every event is
  kTruthAssignments,
  kTruthExpectations,
  kTruthMilestones,  ///< the instants of dropping out and of going online
};
inline constexpr std::size_t kSilos = 28;

enum class Encoding : std::uint8_t { kUtf8, kLatin1, kUtf16 };  ///< kUtf16 = little endian with its mark

struct SiloForm {
  std::string_view folder;     ///< below the world's: data/tills
  std::string_view name;       ///< of its files: tills_2023-01.csv
  std::string_view extension;  ///< csv, txt or jsonl
  std::string_view header;     ///< the line of column names with its end; empty for JSON lines
  Encoding encoding = Encoding::kUtf8;
  bool once = false;  ///< one file for all time instead of one a month
};
[[nodiscard]] const SiloForm& form_of(Silo silo);

/// A delivery that reaches us besides the regular one of its month.
enum class Part : std::uint8_t {
  kRegular,
  kRest,  ///< what the regular delivery left out
};

/// Rows of a block of persons, by the silo that tells and the day on which it tells it. Text in UTF-8, whole lines.
struct Rows {
  struct Key {
    Silo silo;
    Part part;
    Date day;  ///< on which the row leaves the silo
    auto operator<=>(const Key&) const = default;
  };
  std::map<Key, std::string> texts;

  std::string& add(Silo silo, Date day, Part part = Part::kRegular) { return texts[{silo, part, day}]; }
};

}  // namespace hilo::world
