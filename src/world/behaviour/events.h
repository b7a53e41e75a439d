// What happened to one person on one day: what a step of the world returns, and what silos then write down.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "world/chance/randomness.h"
#include "world/retailer/catalogue.h"
#include "world/retailer/channels.h"

namespace hilo::world {

/// Where a person may be registered. Each is a record of its own in a silo.
enum class Register : std::uint8_t {
  kCrm,
  kAccount,        ///< of the web shop
  kSecondAccount,  ///< made anew by somebody who forgot the first
  kCard,           ///< the loyalty scheme
  kNewsletter,     ///< an address at the e-mail service
  kApp,            ///< the app on a phone, with push messages
  kSocial,         ///< a handle that follows the brand
};
inline constexpr std::size_t kRegisters = 7;

// Moments are local time, in days since 1970-01-01: 0.5 is noon. They lie on the day of the step.

/// A register takes a person on, or hears that her name, address, phone or e-mail changed.
struct Registration {
  double moment = 0;
  Register where = Register::kCrm;
  bool is_new = true;  ///< false = a change
};

struct ConsentChange {
  double moment = 0;
  Medium medium = Medium::kEmail;
  bool given = false;
};

struct Sale {
  double moment = 0;
  std::uint32_t count = 0;  ///< how many sales the person had before, anywhere: makes the order number
  Channel channel = Channel::kStore;
  const Store* store = nullptr;  ///< null online
  std::uint32_t associate = 0;   ///< who served in the store: a place in Catalogue::associates
  bool names_nobody = false;     ///< a receipt without a card; never so online
  bool guest = false;            ///< online without an account: an address, no customer number
  bool second_account = false;   ///< online, by the account made anew
  bool wholesale = false;
  bool promoted = false;                   ///< at the prices of a promotion
  std::optional<std::uint32_t> coupon_of;  ///< the campaign whose coupon was redeemed
  std::int64_t discount_cents = 0;         ///< what the coupon took off; the lines' amounts are after it
  std::vector<Line> lines;
};

/// Somebody brings a line back. **Units**: `quantity` pieces, `amount_cents` paid back; both positive.
struct Return {
  double moment = 0;
  std::uint32_t sale_count = 0;
  double sold_at = 0;
  Channel channel = Channel::kStore;  ///< of the sale
  const Store* store = nullptr;
  bool names_nobody = false;
  bool wholesale = false;
  std::uint32_t line = 0;  ///< its place in the sale, from 0
  const Product* product = nullptr;
  std::int64_t quantity = 1;
  std::int64_t amount_cents = 0;
  bool guest = false;  ///< as the sale was made
  bool second_account = false;
};

enum class PageKind : std::uint8_t { kPage, kSearch, kProduct, kCartAdd, kCheckout };

struct PageView {
  double moment = 0;
  PageKind kind = PageKind::kPage;
  const Product* product = nullptr;  ///< for kProduct and kCartAdd
};

/// A visit to the web shop or the app.
struct Session {
  std::uint32_t count = 0;
  Channel channel = Channel::kWeb;
  std::uint32_t device = 0;  ///< the person's how-manieth: 0 is the phone, 1 the computer; 9 the household's tablet
  std::optional<double> login_at;         ///< from here on the silo knows the account
  std::vector<PageView> pages;            ///< at least one, by time
  std::optional<std::uint32_t> campaign;  ///< which campaign's link led here
};

/// A visit to a store that a check-in at the door noticed.
struct StoreVisit {
  double moment = 0;
  std::uint32_t count = 0;
  const Store* store = nullptr;
  bool by_app = false;  ///< by the phone's device id instead of the card
};

enum class Reason : std::uint8_t { kDelivery, kReturn, kProduct, kComplaint, kOther };

struct Call {
  double moment = 0;
  std::uint32_t count = 0;
  Reason reason = Reason::kOther;
  int seconds = 0;
  std::optional<std::uint32_t> sale_count;
};

struct Ticket {
  double moment = 0;
  std::uint32_t count = 0;
  Reason reason = Reason::kOther;
  double closed_at = 0;             ///< may lie on a later day
  std::optional<int> satisfaction;  ///< 1 to 5
};

enum class PostKind : std::uint8_t { kFollow, kLike, kMention };

struct Post {
  double moment = 0;
  PostKind kind = PostKind::kLike;
};

/// A message that left the retailer, and what became of it on the same and the following day.
struct Message {
  double moment = 0;
  std::uint32_t campaign = 0;  ///< a place in the campaign calendar
  Medium medium = Medium::kEmail;
  std::uint32_t associate = 0;  ///< who spoke, for kStaff
  bool bounced = false;
  std::optional<double> opened_at;
  std::optional<double> clicked_at;
  std::optional<double> unsubscribed_at;
};

/// What the marketing department's log says of a decision about a person.
struct Assignment {
  double moment = 0;
  std::uint32_t campaign = 0;
  double propensity = 0;  ///< the probability of being treated with which it was drawn
  bool treated = false;
  bool held_out = false;  ///< left out by lot of the campaign's or the universal control group
};

/// One day of one person. Cleared and filled anew by each step, so that memory is taken once.
struct DayEvents {
  std::vector<Registration> registrations;
  std::vector<ConsentChange> consents;
  std::vector<Sale> sales;
  std::vector<Return> returns;
  std::vector<Session> sessions;
  std::vector<StoreVisit> visits;
  std::vector<Call> calls;
  std::vector<Ticket> tickets;
  std::vector<Post> posts;
  std::vector<Message> messages;
  std::vector<Assignment> assignments;

  [[nodiscard]] bool empty() const {
    return registrations.empty() && consents.empty() && sales.empty() && returns.empty() && sessions.empty() &&
           visits.empty() && calls.empty() && tickets.empty() && posts.empty() && messages.empty() &&
           assignments.empty();
  }
  void clear() {
    std::apply([](auto&... each) { (each.clear(), ...); },
               std::tie(registrations, consents, sales, returns, sessions, visits, calls, tickets, posts, messages,
                        assignments));
  }
};

/// Since when each register knows a person. A register that does not is empty.
struct Presence {
  std::array<std::optional<Date>, kRegisters> since;
  std::array<bool, kMedia> consent{};  ///< as of now, by Medium

  [[nodiscard]] bool in(Register where) const { return since[static_cast<std::size_t>(where)].has_value(); }
  [[nodiscard]] bool consents(Medium medium) const { return consent[static_cast<std::size_t>(medium)]; }
};

}  // namespace hilo::world
