#include "timeline/one_customer.h"

#include <array>

#include <fmt/format.h>

namespace hilo::timeline {
namespace {

struct Narrowed {
  std::string_view table;
  std::string_view condition;
};

// `versions` comes first: the view of that name reads `identity`.
constexpr std::array<Narrowed, 6> kNarrowed = {{{"versions", "customer_id = $customer_id"},
                                                {"events", "customer_id = $customer_id"},
                                                {"items", "customer_id = $customer_id"},
                                                {"customer_spans", "customer_id = $customer_id"},
                                                {"identity", "customer_id = $customer_id"},
                                                {"records",
                                                 "record_id in (select record_id from main.identity where "
                                                 "customer_id = $customer_id)"}}};

}  // namespace

Status keep_one_customer(store::Connection& session, std::int64_t customer_id) {
  for (const auto& [table, condition] : kNarrowed)
    HILO_TRY(session.query(fmt::format("create temp table {0} as from main.{0} where {1}", table, condition),
                           {{"customer_id", customer_id}}));
  return {};
}

FlatTable without_populations(FlatTable table) {
  std::erase_if(table.program.sets, is_population);
  return table;
}

}  // namespace hilo::timeline
