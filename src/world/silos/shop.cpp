// The web shop: orders, a row per line, and what comes back.
#include <algorithm>

#include <fmt/format.h>

#include "world/silos/day.h"
#include "world/silos/text.h"

namespace hilo::world {
namespace {

constexpr Lateness kOrderLateness{.chance = 0.004, .days_max = 3};
constexpr Lateness kReturnLateness{.chance = 0.05, .days_max = 9};
constexpr double kWrongLine = 0.003;

// Whom an order names: an account, or a guest's address and name.
struct Buyer {
  std::string account;
  std::string guest_email;
  std::string guest_name;
};

Buyer buyer_of(const Day& day, bool guest, bool second_account, std::uint32_t sale) {
  Buyer buyer;
  if (second_account && !guest) buyer.account = day.account_id(true);
  if (!second_account && !guest) buyer.account = day.customer_number({Register::kAccount, Register::kCrm});
  if (!buyer.account.empty()) return buyer;
  const WrittenPerson person = written(day, kWebForm, RecordOf::kGuest, sale);
  buyer.guest_email = person.email.empty() ? day.identity().email : person.email;
  buyer.guest_name = person.given_name;
  if (!buyer.guest_name.empty() && !person.family_name.empty()) buyer.guest_name += ' ';
  buyer.guest_name += person.family_name;
  return buyer;
}

void write_order(const Day& day, const Sale& sale, std::size_t place) {
  const std::uint64_t number = order_number(day.pen.seed, day.person.id, sale.count, false);
  const std::string order = fmt::format("{}", number);
  const Buyer buyer = buyer_of(day, sale.guest, sale.second_account, sale.count);
  Rng rng = day.chance(Silo::kOrders, place);
  const Telling telling = day.told(rng, kOrderLateness);
  const auto write = [&](const Line& line, std::size_t at, std::int64_t discount, const Telling& when) {
    FieldLine row(day.add(Silo::kOrders, when), ',');
    row.plain(order).number(static_cast<std::int64_t>(at) + 1).time(sale.moment, TimeForm::kIsoUtc);
    row.plain(sale.channel == Channel::kApp ? "app" : "web");
    row.plain(buyer.account).text(buyer.guest_email).text(buyer.guest_name).plain(line.product->sku);
    row.number(line.quantity).money(line.amount_cents).money(discount);
    row.plain(sale.coupon_of ? std::string_view(campaign_id(*sale.coupon_of)) : std::string_view()).end();
  };
  for (std::size_t at = 0; at < sale.lines.size(); ++at) {
    const Line& line = sale.lines[at];
    const std::int64_t discount = at == 0 ? sale.discount_cents : 0;
    Line told = line;
    const bool wrong = day.errs(rng, kWrongLine);
    if (wrong) {
      told.amount_cents += line.amount_cents / line.quantity;
      ++told.quantity;
    }
    write(told, at, discount, telling);
    if (wrong) write(line, at, discount, Day::put_right(rng, telling));
  }
  day.own_event(Silo::kOrders, order, day.date);
  if (buyer.account.empty()) day.own_record("shop_guest", order, day.date);
}

void write_return(const Day& day, const Return& back, std::size_t place) {
  const Buyer buyer = buyer_of(day, back.guest, back.second_account, back.sale_count);
  const std::string number = return_number(day, back);
  Rng rng = day.chance(Silo::kReturns, place);
  FieldLine row(day.add(Silo::kReturns, day.told(rng, kReturnLateness)), ',');
  row.plain(number).time(back.moment, TimeForm::kIsoUtc);
  row.plain(fmt::format("{}", order_number(day.pen.seed, day.person.id, back.sale_count, false)));
  row.number(back.line + 1).plain(buyer.account).text(buyer.guest_email).plain(back.product->sku);
  row.number(back.quantity).money(back.amount_cents);
  row.plain(back.store != nullptr ? std::string_view(back.store->id) : std::string_view()).end();
  day.own_event(Silo::kReturns, number, day.date);
}

}  // namespace

std::string return_number(const Day& day, const Return& back) {
  const std::uint64_t number = number_of(day.pen.seed, Series::kReturn, day.person.id, back.sale_count);
  const std::int32_t after = day.date.days - day_of(back.sold_at).days;
  return fmt::format("R{}-{}-{}", number, back.line + 1, after);
}

void write_shop(const Day& day) {
  for (std::size_t at = 0; at < day.events.sales.size(); ++at) {
    if (day.events.sales[at].channel != Channel::kStore) write_order(day, day.events.sales[at], at);
  }
  for (std::size_t at = 0; at < day.events.returns.size(); ++at) {
    if (day.events.returns[at].channel != Channel::kStore) write_return(day, day.events.returns[at], at);
  }
}

}  // namespace hilo::world
