// Calls, tickets, and what followers do.
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "world/silos/day.h"
#include "world/silos/text.h"

namespace hilo::world {
namespace {

constexpr Lateness kCallLateness{.chance = 0.02, .days_max = 4};
constexpr double kWithheld = 0.06;
constexpr double kFromHome = 0.25;

constexpr std::array<std::string_view, 5> kReasons = {"delivery", "return", "product", "complaint", "other"};
constexpr std::array<std::string_view, 3> kActions = {"follow", "like", "mention"};

void write_call(const Day& day, const Call& call, std::size_t place) {
  const std::string id = fmt::format("c{}", number_of(day.pen.seed, Series::kCall, day.person.id, call.count));
  Rng rng = day.chance(Silo::kCalls, place);
  const Telling telling = day.told(rng, kCallLateness);
  const bool withheld = day.errs(rng, kWithheld);
  // The telephone at home is the household's.
  const bool from_home = rng.chance(kFromHome) && !day.identity().landline.empty();
  const std::string_view number = from_home ? day.identity().landline : day.identity().mobile;
  FieldLine line(day.add(Silo::kCalls, telling), '|');
  line.plain(id).plain(withheld ? std::string_view("anonymous") : number).time(call.moment, TimeForm::kIsoLocal);
  line.number(call.seconds).plain(kReasons.at(static_cast<std::size_t>(call.reason)));
  std::string& order = line.open();
  if (call.sale_count) {
    fmt::format_to(std::back_inserter(order), "{}", order_number(day.pen.seed, day.person.id, *call.sale_count, false));
  }
  line.end();
  day.own_event(Silo::kCalls, id, day.date);
}

void ticket_row(const Day& day, const Ticket& ticket, std::string_view id, const WrittenPerson& person, bool closed) {
  std::string& out = day.rows.add(Silo::kTickets, closed ? day_of(ticket.closed_at) : day.date);
  fmt::format_to(std::back_inserter(out), R"({{"id":"{}","created":")", id);
  append_time(out, ticket.moment, TimeForm::kIsoUtc);
  out += R"(","closed":)";
  if (closed) {
    out += '"';
    append_time(out, ticket.closed_at, TimeForm::kIsoUtc);
    out += '"';
  } else {
    out += "null";
  }
  out += R"(,"requester":{"email":)";
  append_json(out, person.email.empty() ? day.identity().email : person.email);
  out += R"(,"name":)";
  append_json(out, person.given_name + ' ' + person.family_name);
  fmt::format_to(std::back_inserter(out), R"(}},"topic":"{}","stars":)",
                 kReasons.at(static_cast<std::size_t>(ticket.reason)));
  if (closed && ticket.satisfaction) {
    append_number(out, *ticket.satisfaction);
  } else {
    out += "null";
  }
  out += "}\n";
}

void write_ticket(const Day& day, const Ticket& ticket) {
  const std::string id = fmt::format("t{}", number_of(day.pen.seed, Series::kTicket, day.person.id, ticket.count));
  const WrittenPerson person = written(day, kWebForm, RecordOf::kTickets);
  ticket_row(day, ticket, id, person, false);
  if (ticket.closed_at > ticket.moment) ticket_row(day, ticket, id, person, true);
  day.own_event(Silo::kTickets, id, day.date);
}

void write_post(const Day& day, const Post& post, std::size_t place) {
  // Posts are not counted over a person's life: the day and the place in it number them.
  constexpr std::uint64_t kDaysWithPosts = 1U << 16U;
  const auto subject = day.person.id.number * kDaysWithPosts + static_cast<std::uint32_t>(day.date.days);
  const std::string id = fmt::format("p{:x}-{}", scrambled(day.pen.seed, Series::kPost, subject, 62), place);
  FieldLine line(day.rows.add(Silo::kSocial, day.date), ',');
  line.plain(id).plain(day.handle()).plain("").plain("");
  line.plain(kActions.at(static_cast<std::size_t>(post.kind))).time(post.moment, TimeForm::kIsoUtc).end();
  day.own_event(Silo::kSocial, id, day.date);
}

}  // namespace

void write_service(const Day& day) {
  for (std::size_t at = 0; at < day.events.calls.size(); ++at) write_call(day, day.events.calls[at], at);
  for (const Ticket& ticket : day.events.tickets) write_ticket(day, ticket);
  for (std::size_t at = 0; at < day.events.posts.size(); ++at) write_post(day, day.events.posts[at], at);
}

}  // namespace hilo::world
