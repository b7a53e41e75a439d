// What web shop, app and shop doors notice.
#include <array>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "world/silos/day.h"
#include "world/silos/text.h"

namespace hilo::world {
namespace {

constexpr Lateness kBeaconLateness{.chance = 0.01, .days_max = 3};  // phones send when they are online again
constexpr Lateness kDoorLateness{.chance = 0.02, .days_max = 7};

constexpr std::array<std::string_view, 5> kWebWords = {"page_view", "search", "product_view", "cart_add", "checkout"};
// The app follows the specification of Segment.
constexpr std::array<std::string_view, 5> kAppWords = {"Page Viewed", "Products Searched", "Product Viewed",
                                                       "Product Added", "Checkout Started"};

// An account once she is logged in; null before.
std::string account_at(const Day& day, const Session& session, double moment) {
  if (!session.login_at || moment < *session.login_at) return "null";
  const std::string account = day.customer_number({Register::kAccount, Register::kSecondAccount});
  return account.empty() ? "null" : '"' + account + '"';
}

void web_row(std::string& out, std::string_view id, std::string_view device, std::string_view account,
             const PageView& page, std::string_view campaign) {
  fmt::format_to(std::back_inserter(out), R"({{"id":"{}","user":{{"device":"{}","account":{}}},"type":"{}","at":")", id,
                 device, account, kWebWords.at(static_cast<std::size_t>(page.kind)));
  append_time(out, page.moment, TimeForm::kIsoUtcMillis);
  out += '"';
  if (page.product != nullptr)
    fmt::format_to(std::back_inserter(out), R"(,"product":{{"sku":"{}"}})", page.product->sku);
  if (!campaign.empty()) fmt::format_to(std::back_inserter(out), R"(,"utm":{{"campaign":"{}"}})", campaign);
  out += "}\n";
}

void app_row(std::string& out, std::string_view id, std::string_view device, std::string_view account,
             const PageView& page, std::string_view campaign) {
  fmt::format_to(std::back_inserter(out), R"({{"id":"{}","e":"{}","t":{},"ctx":{{"device":"{}","account":{}}})", id,
                 kAppWords.at(static_cast<std::size_t>(page.kind)), utc_millis(page.moment), device, account);
  if (page.product != nullptr) fmt::format_to(std::back_inserter(out), R"(,"sku":"{}")", page.product->sku);
  if (!campaign.empty()) fmt::format_to(std::back_inserter(out), R"(,"campaign":"{}")", campaign);
  out += "}\n";
}

void write_session(const Day& day, const Session& session, std::size_t place) {
  const bool app = session.channel == Channel::kApp;
  const Silo silo = app ? Silo::kApp : Silo::kWeb;
  const std::uint64_t number = number_of(day.pen.seed, Series::kSession, day.person.id, session.count);
  const std::string device = day.device_id(session.device);
  const std::string campaign = session.campaign ? campaign_id(*session.campaign) : std::string();
  Rng rng = day.chance(silo, place);
  const Telling telling = day.told(rng, kBeaconLateness);
  std::size_t count = 0;
  for (const PageView& page : session.pages) {
    const std::string id = fmt::format("s{:x}-{}", number, ++count);
    const std::string account = account_at(day, session, page.moment);
    // The link shows in the address of the page that it led to.
    const std::string_view led_by = count == 1 ? std::string_view(campaign) : std::string_view();
    std::string& out = day.add(silo, telling);
    if (app) {
      app_row(out, id, device, account, page, led_by);
    } else {
      web_row(out, id, device, account, page, led_by);
    }
    day.own_event(silo, id, day.date);
  }
  // Nobody is told of a device: it is there with the first session, and so are those that will be used later.
  if (session.count == 0) {
    for (const std::uint32_t each : {0U, 1U}) day.own_record("web", day.device_id(each), day.date);
  }
}

void write_visit(const Day& day, const StoreVisit& visit, std::size_t place) {
  const std::string id = fmt::format("v{}", number_of(day.pen.seed, Series::kVisit, day.person.id, visit.count));
  Rng rng = day.chance(Silo::kVisits, place);
  FieldLine line(day.add(Silo::kVisits, day.told(rng, kDoorLateness)), ',');
  line.plain(id).plain(visit.store != nullptr ? std::string_view(visit.store->id) : std::string_view());
  line.plain(visit.by_app ? std::string() : day.customer_number({Register::kCard, Register::kCrm}));
  line.plain(visit.by_app ? day.device_id(0) : std::string()).time(visit.moment, TimeForm::kIsoLocal).end();
  day.own_event(Silo::kVisits, id, day.date);
}

}  // namespace

void write_behaviour(const Day& day) {
  for (std::size_t at = 0; at < day.events.sessions.size(); ++at) write_session(day, day.events.sessions[at], at);
  for (std::size_t at = 0; at < day.events.visits.size(); ++at) write_visit(day, day.events.visits[at], at);
}

}  // namespace hilo::world
