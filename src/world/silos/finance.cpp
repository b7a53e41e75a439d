// The books: invoices and what was paid back. Another word for sales that shop and tills tell of.
#include <numeric>

#include <fmt/format.h>

#include "world/silos/day.h"
#include "world/silos/text.h"

namespace hilo::world {
namespace {

constexpr double kInvoiced = 0.35;  // of web orders; of wholesale all
constexpr std::uint32_t kBookingDaysMax = 15;

// Whether a web order was invoiced. Asked again when some of it comes back.
bool invoiced(const Day& day, std::uint32_t sale) {
  Rng rng({.seed = day.pen.seed,
           .subject = day.person.id.number,
           .day = sale,
           .purpose = static_cast<std::uint32_t>(Purpose::kDelivering) | 0xFEU << 8U});
  return rng.chance(kInvoiced);
}

struct Booking {
  std::string_view document;
  std::string_view kind;
  std::string_view customer;
  double moment = 0;
  bool in_store = false;
  std::uint32_t sale = 0;
  std::int64_t cents = 0;
};

void book(const Day& day, const Booking& booking, std::size_t place) {
  Rng rng = day.chance(Silo::kFinance, place);
  const Telling telling{.day = {day.date.days + static_cast<std::int32_t>(rng.below(kBookingDaysMax))}};
  FieldLine line(day.add(Silo::kFinance, telling), ';', Letters::kLatin1);
  line.plain(booking.document).time(booking.moment, TimeForm::kGermanDay).plain(booking.kind);
  line.plain(booking.customer).plain(booking.in_store ? "Laden" : "Online");
  const std::uint64_t order = order_number(day.pen.seed, day.person.id, booking.sale, booking.in_store);
  line.number(static_cast<std::int64_t>(order)).money(booking.cents, ',', ".").plain("EUR").end();
  day.own_event(Silo::kFinance, booking.document, day.date);
}

std::string customer_of(const Day& day, bool guest, bool second_account) {
  if (guest) return {};
  if (second_account) return day.account_id(true);
  return day.customer_number({Register::kAccount, Register::kCrm, Register::kCard});
}

}  // namespace

void write_finance(const Day& day) {
  std::size_t place = 0;
  for (const Sale& sale : day.events.sales) {
    const bool in_store = sale.channel == Channel::kStore;
    if (!sale.wholesale && (in_store || !invoiced(day, sale.count))) continue;
    const std::uint64_t number = number_of(day.pen.seed, Series::kInvoice, day.person.id, sale.count);
    const auto total = [](std::int64_t sum, const Line& line) { return sum + line.amount_cents; };
    book(day,
         {.document = fmt::format("RE-{}", number),
          .kind = "Rechnung",
          .customer = customer_of(day, sale.guest, sale.second_account),
          .moment = sale.moment,
          .in_store = in_store,
          .sale = sale.count,
          .cents = std::accumulate(sale.lines.begin(), sale.lines.end(), std::int64_t{0}, total)},
         place++);
  }
  for (const Return& back : day.events.returns) {
    const bool in_store = back.channel == Channel::kStore;
    if (!back.wholesale && (in_store || !invoiced(day, back.sale_count))) continue;
    book(day,
         {.document = "GS-" + return_number(day, back),
          .kind = "Gutschrift",
          .customer = customer_of(day, back.guest, back.second_account),
          .moment = back.moment,
          .in_store = in_store,
          .sale = back.sale_count,
          .cents = -back.amount_cents},
         place++);
  }
}

}  // namespace hilo::world
