// Receipts of the stores, a row per line; what is brought back is a receipt of its own with negative pieces.
#include <algorithm>

#include <fmt/format.h>

#include "world/silos/day.h"
#include "world/silos/text.h"

namespace hilo::world {
namespace {

constexpr Lateness kTillLateness{.chance = 0.01, .days_max = 10};
constexpr double kWrongLine = 0.004;
constexpr double kMonthsCutShort = 0.06;
constexpr std::int32_t kDaysCutOff = 3;

// In some months a store's last days are missing from the regular delivery and come some days into the next month.
Telling told_by_store(const Day& day, Rng& rng, const Store* store) {
  const Telling telling = day.told(rng, kTillLateness);
  if (store == nullptr || telling.day != day.date) return telling;
  const CivilDate date = civil(day.date);
  const auto month = static_cast<std::uint32_t>(date.year * 12 + date.month);
  const auto number = static_cast<std::uint64_t>(store - day.pen.catalogue->stores().data());
  Rng lot({.seed = day.pen.seed,
           .subject = number,
           .day = month,
           .purpose = static_cast<std::uint32_t>(Purpose::kDelivering) | 0xFFU << 8U});
  const bool cut = day.errs(lot, kMonthsCutShort);
  const auto after = static_cast<std::int32_t>(4 + lot.below(8));
  if (!cut || civil({day.date.days + kDaysCutOff}).month == date.month) return telling;
  Date end = day.date;
  while (civil(end).month == date.month) ++end.days;
  return {.day = {end.days + after}, .part = Part::kRest};
}

// The number that a customer gave at the till.
std::string customer_of(const Day& day, bool names_nobody) {
  return names_nobody ? std::string() : day.customer_number({Register::kCard, Register::kCrm});
}

void write_receipt(const Day& day, const Sale& sale, std::size_t place) {
  const std::string receipt = fmt::format("{}", order_number(day.pen.seed, day.person.id, sale.count, true));
  const std::string customer = customer_of(day, sale.names_nobody);
  const auto& associates = day.pen.catalogue->associates();
  const std::string cashier = sale.associate < associates.size() ? associates[sale.associate].id : std::string();
  Rng rng = day.chance(Silo::kTills, place);
  const Telling telling = told_by_store(day, rng, sale.store);
  const auto write = [&](const Line& line, std::size_t at, const Telling& when) {
    FieldLine row(day.add(Silo::kTills, when), '|');
    row.plain(receipt).number(static_cast<std::int64_t>(at) + 1);
    row.time(sale.moment, TimeForm::kGermanDay).time(sale.moment, TimeForm::kLocalClock);
    row.plain(sale.store != nullptr ? std::string_view(sale.store->id) : std::string_view());
    row.plain(cashier).plain(customer).plain("SALE").plain(line.product->sku).number(line.quantity);
    row.money(line.amount_cents, ',').money(at == 0 ? sale.discount_cents : 0, ',');
    row.plain(sale.coupon_of ? campaign_id(*sale.coupon_of) : std::string()).plain("").plain("").end();
  };
  for (std::size_t at = 0; at < sale.lines.size(); ++at) {
    const Line& line = sale.lines[at];
    Line told = line;
    const bool wrong = day.errs(rng, kWrongLine);
    if (wrong) {
      told.amount_cents += line.amount_cents / line.quantity;
      ++told.quantity;
    }
    write(told, at, telling);
    if (wrong) write(line, at, Day::put_right(rng, telling));
  }
  day.own_event(Silo::kTills, receipt, day.date);
}

void write_return(const Day& day, const Return& back, std::size_t place) {
  const std::string receipt = return_number(day, back);
  Rng rng = day.chance(Silo::kTills, kLinesFrom + place);
  FieldLine row(day.add(Silo::kTills, told_by_store(day, rng, back.store)), '|');
  row.plain(receipt).number(1).time(back.moment, TimeForm::kGermanDay).time(back.moment, TimeForm::kLocalClock);
  row.plain(back.store != nullptr ? std::string_view(back.store->id) : std::string_view()).plain("");
  row.plain(customer_of(day, back.names_nobody)).plain("RETURN").plain(back.product->sku).number(-back.quantity);
  row.money(-back.amount_cents, ',').money(0, ',').plain("");
  row.plain(fmt::format("{}", order_number(day.pen.seed, day.person.id, back.sale_count, true)));
  row.number(back.line + 1).end();
  day.own_event(Silo::kTills, receipt, day.date);
}

}  // namespace

void write_tills(const Day& day) {
  for (std::size_t at = 0; at < day.events.sales.size(); ++at) {
    if (day.events.sales[at].channel == Channel::kStore) write_receipt(day, day.events.sales[at], at);
  }
  for (std::size_t at = 0; at < day.events.returns.size(); ++at) {
    if (day.events.returns[at].channel == Channel::kStore) write_return(day, day.events.returns[at], at);
  }
}

}  // namespace hilo::world
