#include "world_fixture.h"

namespace hilo::world {
namespace {

template <class... Values>
void line(std::string& out, const Values&... values) {
  ((out += fmt::format("{} ", values)), ...);
  out += '\n';
}

std::string_view id_of(const Store* store) { return store == nullptr ? std::string_view("-") : store->id; }
std::string_view id_of(const Product* product) { return product == nullptr ? std::string_view("-") : product->sku; }
double or_never(const std::optional<double>& moment) { return moment.value_or(-1); }

void append(const Sale& sale, std::string& out) {
  line(out, "sale", sale.moment, sale.count, static_cast<int>(sale.channel), id_of(sale.store), sale.associate,
       sale.names_nobody, sale.guest, sale.second_account, sale.wholesale, sale.promoted,
       sale.coupon_of.value_or(9'999), sale.discount_cents);
  for (const Line& each : sale.lines) line(out, " ", id_of(each.product), each.quantity, each.amount_cents);
}

void append(const Return& back, std::string& out) {
  line(out, "return", back.moment, back.sale_count, back.sold_at, static_cast<int>(back.channel), id_of(back.store),
       back.names_nobody, back.wholesale, back.line, id_of(back.product), back.quantity, back.amount_cents, back.guest,
       back.second_account);
}

void append(const Session& session, const DayText& how, std::string& out) {
  line(out, "session", how.with_marketing ? session.count : 0, static_cast<int>(session.channel), session.device,
       or_never(session.login_at), session.campaign.value_or(9'999));
  for (const PageView& page : session.pages)
    line(out, " ", page.moment, static_cast<int>(page.kind), id_of(page.product));
}

}  // namespace

std::string text_of(const DayEvents& events, const DayText& how) {
  std::string out;
  for (const Registration& each : events.registrations)
    line(out, "register", each.moment, static_cast<int>(each.where), each.is_new);
  for (const Sale& each : events.sales) append(each, out);
  for (const Return& each : events.returns) append(each, out);
  for (const Session& each : events.sessions) {
    if (how.with_marketing || !each.campaign) append(each, how, out);
  }
  for (const StoreVisit& each : events.visits)
    line(out, "visit", each.moment, each.count, id_of(each.store), each.by_app);
  for (const Call& each : events.calls)
    line(out, "call", each.moment, each.count, static_cast<int>(each.reason), each.seconds,
         each.sale_count.value_or(9'999));
  for (const Ticket& each : events.tickets)
    line(out, "ticket", each.moment, each.count, static_cast<int>(each.reason), each.closed_at,
         each.satisfaction.value_or(-1));
  for (const Post& each : events.posts) line(out, "post", each.moment, static_cast<int>(each.kind));
  if (!how.with_marketing) return out;
  for (const ConsentChange& each : events.consents)
    line(out, "consent", each.moment, static_cast<int>(each.medium), each.given);
  for (const Message& each : events.messages)
    line(out, "message", each.moment, each.campaign, static_cast<int>(each.medium), each.associate, each.bounced,
         or_never(each.opened_at), or_never(each.clicked_at), or_never(each.unsubscribed_at));
  for (const Assignment& each : events.assignments)
    line(out, "assignment", each.moment, each.campaign, each.propensity, each.treated, each.held_out);
  return out;
}

}  // namespace hilo::world
