#include "world/behaviour/customer.h"

#include <algorithm>
#include <cmath>

namespace hilo::world {
namespace {

constexpr double kMinute = 1.0 / 1440;

// What somebody agrees to when a register takes her on.
constexpr double kConsentEmail = 0.8;
constexpr double kConsentSms = 0.45;
constexpr double kConsentPush = 0.7;
constexpr double kConsentAds = 0.6;
constexpr double kConsentPrint = 0.65;
constexpr double kConsentStaff = 0.7;

// Holds what one step needs, so that its parts read as one story.
class Day {
 public:
  Day(const WorldFacts& world, const Customer& customer, Date day, CustomerState& state, DayEvents& events)
      : world_(world),
        person_(customer.person),
        character_(customer.character),
        day_(day),
        state_(state),
        events_(events) {}

  void live(std::span<const Treatment> treatments) {
    const bool first = day_ == std::max(character_.joined_on, world_.opened_on);
    if (first && character_.joined_on < world_.opened_on) tell_of_earlier_times();
    for (const Treatment& treatment : treatments) receive_message(treatment);
    const DayChance& chance = state_.chance = chance_of_day(world_.seed, person_.id, day_);
    purchase(chance);
    if (day_.days >= state_.next_due_day) bring_what_is_due();
    hear_of_changes();
    if (chance.session < character_.sessions_per_day * liveliness()) browse();
    // Visits and posts share the draw that decides them: each looks at its own end.
    if (chance.other > 1 - character_.visits_per_day * liveliness()) visit_store();
    if (chance.dropout > 1 - character_.social_per_day && state_.presence.in(Register::kSocial)) post();
  }

 private:
  [[nodiscard]] Rng chance(Purpose purpose) const { return daily_chance(world_.seed, person_.id, day_, purpose); }
  [[nodiscard]] double liveliness() const { return is_active() ? 1 : 0.04; }
  [[nodiscard]] bool is_active() const {
    return world_.regime == Regime::kTextbook ? state_.textbook.active : state_.buying.active;
  }

  void register_with(Register where, double moment, Date since) {
    std::optional<Date>& known = state_.presence.since[static_cast<std::size_t>(where)];
    if (known) return;
    known = since;
    events_.registrations.push_back({.moment = moment, .where = where, .is_new = true});
  }
  void consent(Medium medium, double moment, bool given) {
    bool& now = state_.presence.consent[static_cast<std::size_t>(medium)];
    if (now == given) return;
    now = given;
    events_.consents.push_back({.moment = moment, .medium = medium, .given = given});
  }

  void tell_of_earlier_times();
  void take_on_online(const Sale& sale, Rng& rng);
  void take_on_in_store(const Sale& sale, Rng& rng);
  void receive_message(const Treatment& treatment);
  void purchase(const DayChance& chance);
  void sell(const Purchase& purchase, Rng& basket, Rng& registering);
  void plan_aftermath(const Sale& sale);
  void due(double moment) {
    state_.next_due_day = std::min(state_.next_due_day, static_cast<std::int32_t>(std::floor(moment)));
  }
  void bring_what_is_due();
  void hear_of_changes();
  void browse();
  Session session_at(double moment, Rng& rng);
  void visit_store();
  void post();

  const WorldFacts& world_;
  const Person& person_;
  const Character& character_;
  Date day_;
  CustomerState& state_;
  DayEvents& events_;
};

// Who was a customer before the world opened stands in registers: their exports of the first day tell of it.
void Day::tell_of_earlier_times() {
  Rng rng = lasting_chance(world_.seed, person_.id, Purpose::kRegistering);
  const double moment = day_.days;
  const Date since = character_.joined_on;
  const bool online = character_.habit != Habit::kStoreOnly;
  const bool in_store = character_.habit != Habit::kOnlineOnly;
  if (rng.chance(0.6)) register_with(Register::kCrm, moment, since);
  if (in_store && rng.chance(0.7)) {
    register_with(Register::kCard, moment, since);
    if (rng.chance(kConsentSms)) consent(Medium::kSms, moment, true);
    if (rng.chance(kConsentPrint)) consent(Medium::kPrint, moment, true);
    if (rng.chance(kConsentStaff)) consent(Medium::kStaff, moment, true);
  }
  if (online && !character_.buys_as_guest) register_with(Register::kAccount, moment, since);
  if (online && rng.chance(0.25)) register_with(Register::kApp, moment, since);
  if (rng.chance(online ? 0.65 : 0.3)) register_with(Register::kNewsletter, moment, since);
  if (state_.presence.in(Register::kNewsletter) && rng.chance(kConsentEmail)) consent(Medium::kEmail, moment, true);
  if (state_.presence.in(Register::kApp) && rng.chance(kConsentPush)) consent(Medium::kPush, moment, true);
  if (online && rng.chance(kConsentAds)) consent(Medium::kAds, moment, true);
  if (rng.chance(0.08)) register_with(Register::kSocial, moment, since);
}

void Day::receive_message(const Treatment& treatment) {
  const Campaign& campaign = world_.campaigns[treatment.campaign];
  const Response response = receive(world_, person_.id, character_, campaign, state_.buying);
  events_.messages.push_back({.moment = message_moment(campaign),
                              .campaign = campaign.number,
                              .medium = campaign.offer->medium,
                              .associate = treatment.associate,
                              .bounced = response.bounced,
                              .opened_at = response.opened_at,
                              .clicked_at = response.clicked_at,
                              .unsubscribed_at = response.unsubscribed_at});
  if (response.unsubscribed_at) consent(campaign.offer->medium, *response.unsubscribed_at, false);
  if (response.clicked_at && *response.clicked_at < day_.days + 1) {
    Rng rng = campaign_chance(world_.seed, person_.id, campaign.number, Purpose::kBrowsing);
    Session session = session_at(*response.clicked_at, rng);
    session.campaign = campaign.number;
    events_.sessions.push_back(std::move(session));
  }
}

void Day::purchase(const DayChance& chance_today) {
  const bool joins = day_ == character_.joined_on;
  if (world_.regime == Regime::kTextbook) {
    state_.bought.clear();
    Rng rng = chance(Purpose::kVisiting);
    const double online = character_.habit == Habit::kStoreOnly ? 0 : character_.online_share;
    for (const TextbookPurchase& each :
         step(world_.seed, person_.id, character_.textbook, world_.textbook_figures, state_.textbook, day_)) {
      Purchase purchase;
      purchase.moment = each.moment;
      purchase.channel = rng.chance(online) ? Channel::kWeb : Channel::kStore;
      purchase.value_eur = each.value_eur;
      state_.bought.push_back(purchase);
    }
  } else {
    buy(world_, person_.id, character_, {.day = day_, .chance = chance_today, .joins = joins}, state_.buying,
        state_.bought);
  }
  if (state_.bought.empty()) return;
  Rng basket = chance(Purpose::kBasket);
  Rng registering = chance(Purpose::kRegistering);
  for (const Purchase& each : state_.bought) sell(each, basket, registering);
}

void Day::sell(const Purchase& purchase, Rng& basket, Rng& registering) {
  Sale sale;
  sale.moment = purchase.moment;
  sale.count = state_.sales++;
  sale.channel = purchase.channel;
  sale.wholesale = world_.regime != Regime::kTextbook && character_.kind == Kind::kWholesale;
  sale.promoted = purchase.promoted;
  sale.coupon_of = purchase.coupon_of;
  sale.discount_cents = std::llround(purchase.discount_eur * 100);
  const std::vector<Associate>& associates = world_.catalogue->associates();
  if (sale.channel == Channel::kStore) {
    const bool at_home = basket.chance(0.8);
    sale.store = at_home ? character_.home : &world_.catalogue->pick_store_in(character_.home->country, basket);
    const auto place = static_cast<std::size_t>(sale.store - world_.catalogue->stores().data());
    const std::size_t staff = associates.size() / world_.catalogue->stores().size();
    const bool by_her_own = sale.store == associates[character_.associate].store && basket.chance(0.6);
    const std::size_t anybody = place * staff + basket.below(static_cast<std::uint32_t>(staff));
    sale.associate = by_her_own ? character_.associate : static_cast<std::uint32_t>(anybody);
    sale.names_nobody = basket.chance(world_.anonymous);
    if (!sale.names_nobody) take_on_in_store(sale, registering);
  } else {
    take_on_online(sale, registering);
    if (state_.presence.in(Register::kApp) && basket.chance(0.5)) sale.channel = Channel::kApp;
    sale.guest = !state_.presence.in(Register::kAccount);
    sale.second_account = state_.presence.in(Register::kSecondAccount) && basket.chance(0.6);
  }
  const std::int64_t cents = std::llround(purchase.spend_eur() * 100);
  sale.lines = draw_lines(*world_.catalogue, character_.taste, std::max<std::int64_t>(1, cents), basket);
  if (!sale.names_nobody) state_.last_known_order_day = day_.days;
  plan_aftermath(sale);
  if (sale.channel != Channel::kStore) {
    Rng rng = chance(Purpose::kBrowsing);
    Session session = session_at(std::max<double>(day_.days, sale.moment - (4 + 10 * rng.uniform()) * kMinute), rng);
    session.channel = sale.channel;
    if (!sale.guest) session.login_at = session.pages.back().moment;
    const double checkout_at = std::max(session.pages.back().moment, sale.moment - kMinute / 2);
    session.pages.push_back({.moment = checkout_at, .kind = PageKind::kCartAdd, .product = sale.lines[0].product});
    session.pages.push_back({.moment = checkout_at, .kind = PageKind::kCheckout, .product = nullptr});
    events_.sessions.push_back(std::move(session));
  }
  events_.sales.push_back(std::move(sale));
}

void Day::take_on_in_store(const Sale& sale, Rng& rng) {
  if (!state_.presence.in(Register::kCard)) {
    register_with(Register::kCard, sale.moment, day_);
    if (rng.chance(kConsentSms)) consent(Medium::kSms, sale.moment, true);
    if (rng.chance(kConsentPrint)) consent(Medium::kPrint, sale.moment, true);
    if (rng.chance(kConsentStaff)) consent(Medium::kStaff, sale.moment, true);
    if (rng.chance(0.3)) {
      register_with(Register::kNewsletter, sale.moment, day_);
      if (rng.chance(kConsentEmail)) consent(Medium::kEmail, sale.moment, true);
    }
  }
  if (!state_.presence.in(Register::kCrm) && rng.chance(0.4)) register_with(Register::kCrm, sale.moment, day_);
}

void Day::take_on_online(const Sale& sale, Rng& rng) {
  if (character_.buys_as_guest) return;
  if (!state_.presence.in(Register::kAccount)) {
    register_with(Register::kAccount, sale.moment, day_);
    if (rng.chance(0.6)) register_with(Register::kNewsletter, sale.moment, day_);
    if (state_.presence.in(Register::kNewsletter) && rng.chance(kConsentEmail))
      consent(Medium::kEmail, sale.moment, true);
    if (rng.chance(kConsentAds)) consent(Medium::kAds, sale.moment, true);
    if (rng.chance(0.3)) register_with(Register::kCrm, sale.moment, day_);
  } else if (rng.chance(0.02)) {
    register_with(Register::kSecondAccount, sale.moment, day_);
  }
  if (rng.chance(0.08)) {
    register_with(Register::kApp, sale.moment, day_);
    if (rng.chance(kConsentPush)) consent(Medium::kPush, sale.moment, true);
  }
  if (rng.chance(0.02)) register_with(Register::kSocial, sale.moment, day_);
}

// What a sale leads to later: lines that come back, a call, a ticket.
void Day::plan_aftermath(const Sale& sale) {
  Rng rng = chance(Purpose::kReturning);
  const bool online = sale.channel != Channel::kStore;
  for (std::uint32_t line = 0; line < sale.lines.size(); ++line) {
    if (!rng.chance(online ? 0.13 : 0.04)) continue;
    const Line& what = sale.lines[line];
    std::int32_t on = day_.days + 2 + static_cast<std::int32_t>(rng.below(online ? 20 : 12));
    if (!online && factors_of({on}).store == 0) ++on;  // closed
    state_.returns.push_back({.moment = on + time_of_day(sale.channel, rng.uniform()),
                              .sale_count = sale.count,
                              .sold_at = sale.moment,
                              .channel = sale.channel,
                              .store = sale.store,
                              .names_nobody = sale.names_nobody,
                              .wholesale = sale.wholesale,
                              .line = line,
                              .product = what.product,
                              .quantity = what.quantity,
                              .amount_cents = what.amount_cents,
                              .guest = sale.guest,
                              .second_account = sale.second_account});
    due(on);
  }
  Rng service = chance(Purpose::kService);
  const double later = 1 + 5 * service.uniform();
  const auto reason = static_cast<Reason>(service.below(5));
  if (!sale.names_nobody && service.chance(online ? 0.05 : 0.01)) {
    const double at = std::floor(day_.days + later) + time_of_day(Channel::kStore, service.uniform());
    Call call{.moment = at, .count = state_.calls++, .reason = reason, .seconds = 0, .sale_count = sale.count};
    call.seconds = 30 + static_cast<int>(service.exponential(1.0 / 200));
    state_.due_calls.push_back(call);
    due(at);
  }
  if (online && service.chance(0.04)) {
    const double at = std::floor(day_.days + later) + time_of_day(Channel::kWeb, service.uniform());
    Ticket ticket{.moment = at, .count = state_.tickets++, .reason = reason, .closed_at = 0, .satisfaction = {}};
    ticket.closed_at = at + service.exponential(1 / 1.5);
    if (service.chance(0.3)) ticket.satisfaction = 1 + static_cast<int>(service.below(5));
    state_.due_tickets.push_back(ticket);
    due(at);
  }
}

// Moves what falls on the day from a list to the day's events; returns when the next one falls due.
template <class T>
std::int32_t move_due(std::vector<T>& list, Date day, std::vector<T>& events) {
  std::int32_t next = BuyingState::kNever;
  std::erase_if(list, [&](const T& each) {
    const auto on = static_cast<std::int32_t>(std::floor(each.moment));
    if (on > day.days) {
      next = std::min(next, on);
      return false;
    }
    events.push_back(each);
    return true;
  });
  return next;
}

void Day::bring_what_is_due() {
  std::int32_t next = move_due(state_.returns, day_, events_.returns);
  next = std::min(next, move_due(state_.due_calls, day_, events_.calls));
  next = std::min(next, move_due(state_.due_tickets, day_, events_.tickets));
  std::erase_if(state_.due_changes, [&](const auto& each) {
    if (each.first > day_.days) {
      next = std::min(next, each.first);
      return false;
    }
    events_.registrations.push_back({.moment = day_.days + 0.5, .where = each.second, .is_new = false});
    return true;
  });
  state_.next_due_day = next;
}

// A register hears of a new name, address, phone or e-mail when she tells it, weeks later or never.
void Day::hear_of_changes() {
  while (state_.next_identity < person_.identities.size() && person_.identities[state_.next_identity].from <= day_) {
    ++state_.next_identity;
    Rng rng = chance(Purpose::kUpdating);
    for (std::size_t where = 0; where < kRegisters; ++where) {
      constexpr double kTold = 0.45;
      const bool told = rng.chance(kTold);
      const auto on = day_.days + 1 + static_cast<std::int32_t>(rng.below(60));
      if (!told || !state_.presence.since.at(where)) continue;
      state_.due_changes.emplace_back(on, static_cast<Register>(where));
      due(on);
    }
  }
}

Session Day::session_at(double moment, Rng& rng) {
  Session session;
  session.count = state_.sessions++;
  constexpr std::uint32_t kTablet = 9;  // of the household
  const double device = rng.uniform();
  session.device = device < 0.6 ? 0 : device < 0.94 ? 1 : kTablet;
  const bool app = state_.presence.in(Register::kApp) && session.device == 0 && rng.chance(0.6);
  session.channel = app ? Channel::kApp : Channel::kWeb;
  const std::int64_t pages = 1 + rng.poisson(1.6);
  for (std::int64_t page = 0; page < pages; ++page) {
    const double kind = rng.uniform();
    PageView view{.moment = std::min(moment, day_.days + 1 - 1e-5), .kind = PageKind::kPage, .product = nullptr};
    if (kind < 0.55) view.kind = PageKind::kProduct;
    if (kind > 0.88) view.kind = PageKind::kSearch;
    if (kind > 0.94) view.kind = PageKind::kCartAdd;
    if (view.kind == PageKind::kProduct || view.kind == PageKind::kCartAdd)
      view.product = &world_.catalogue->pick_product_of(character_.taste[rng.below(3)], rng);
    session.pages.push_back(view);
    moment += (0.3 + rng.exponential(1.0)) * kMinute;
  }
  if (state_.presence.in(Register::kAccount) && rng.chance(app ? 0.9 : 0.3))
    session.login_at = session.pages.front().moment;
  return session;
}

void Day::browse() {
  Rng rng = daily_chance(world_.seed, person_.id, day_, Purpose::kTaste);
  const double moment = day_.days + time_of_day(Channel::kWeb, rng.uniform());
  events_.sessions.push_back(session_at(moment, rng));
}

void Day::visit_store() {
  // The check-in at the door knows cards and phones with the app.
  const bool app = state_.presence.in(Register::kApp);
  if (!app && !state_.presence.in(Register::kCard)) return;
  if (world_.factors(day_).store == 0) return;
  Rng rng = chance(Purpose::kHabits);
  events_.visits.push_back(
      {.moment = day_.days + time_of_day(Channel::kStore, rng.uniform()),
       .count = state_.visits++,
       .store = rng.chance(0.85) ? character_.home : &world_.catalogue->pick_store_in(character_.home->country, rng),
       .by_app = app && (rng.chance(0.5) || !state_.presence.in(Register::kCard))});
}

void Day::post() {
  Rng rng = chance(Purpose::kPosting);
  events_.posts.push_back(
      {.moment = day_.days + time_of_day(Channel::kWeb, rng.uniform()), .kind = static_cast<PostKind>(rng.below(3))});
}

}  // namespace

CustomerState first_customer_state(const WorldFacts& world, const Person& person, const Character& character) {
  CustomerState state;
  state.buying = first_state(world, person.id, character);
  const Date first = std::max(character.joined_on, world.opened_on);
  while (state.next_identity < person.identities.size() && person.identities[state.next_identity].from <= first)
    ++state.next_identity;
  return state;
}

void step(const WorldFacts& world, const Customer& customer, Date day, std::span<const Treatment> treatments,
          CustomerState& state, DayEvents& events) {
  events.clear();
  Day(world, customer, day, state, events).live(treatments);
}

}  // namespace hilo::world
