// What is known of products, stores, staff, campaigns and costs from the first day: small tables, whole at once.
#include <array>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "world/silos/text.h"
#include "world/silos/write_day.h"

namespace hilo::world {
namespace {

std::string products(const Catalogue& catalogue) {
  std::string out = "sku,name,category,brand,list_price,unit_cost\n";
  for (const Product& product : catalogue.products()) {
    FieldLine line(out, ',');
    line.plain(product.sku).text(product.name).text(product.category).text(product.brand);
    line.money(product.price_cents).money(product.cost_cents).end();
  }
  return out;
}

std::string brands(const Catalogue& catalogue) {
  std::set<std::string_view> names;
  for (const Product& product : catalogue.products()) names.insert(product.brand);
  std::string out = "brand\n";
  for (const std::string_view name : names) FieldLine(out, ',').text(name).end();
  return out;
}

std::string stores(const Catalogue& catalogue) {
  std::string out = "store_id,city,country\n";
  for (const Store& store : catalogue.stores())
    FieldLine(out, ',').plain(store.id).text(store.city).plain(store.country).end();
  return out;
}

std::string associates(const Catalogue& catalogue) {
  std::string out = "associate_id,name,store_id\n";
  for (const Associate& associate : catalogue.associates()) {
    FieldLine line(out, ',');
    line.plain(associate.id).text(associate.name).plain(associate.store->id).end();
  }
  return out;
}

std::string_view channel_of(Medium medium) {
  static constexpr std::array<std::string_view, kMedia> kNames = {"email", "sms", "push", "ads", "print", "staff"};
  return kNames.at(static_cast<std::size_t>(medium));
}

std::string campaigns(const Pen& pen) {
  std::string out = "campaign_id,offer_id,title,channel,form,begins_on,holdout_share\n";
  for (const Campaign& campaign : pen.campaigns) {
    FieldLine line(out, ',');
    line.plain(campaign_id(campaign.number)).plain(campaign.offer->id).text(campaign.offer->title);
    line.plain(channel_of(campaign.offer->medium)).plain(campaign.offer->form);
    line.time(campaign.on.days, TimeForm::kLocalDay);
    fmt::format_to(std::back_inserter(line.open()), "{}", campaign.holdout_share);
    line.end();
  }
  return out;
}

// By medium, as the contracts say; what an offer's messages cost is the medium's price.
std::string contact_costs() {
  std::array<std::int64_t, kMedia> micros{};
  // Of all offers, not of the campaigns so far: contracts are there from day one.
  for (const Offer& offer : offers()) micros.at(static_cast<std::size_t>(offer.medium)) = offer.contact_cost_micros;
  std::string out = "channel,cost_eur\n";
  for (std::size_t medium = 0; medium < kMedia; ++medium) {
    fmt::format_to(std::back_inserter(out), "{},{}.{:06}\n", channel_of(static_cast<Medium>(medium)),
                   micros.at(medium) / 1'000'000, micros.at(medium) % 1'000'000);
  }
  return out;
}

}  // namespace

std::map<std::string, std::string> write_dimensions(const Pen& pen) {
  return {{"data/dimensions/products.csv", products(*pen.catalogue)},
          {"data/dimensions/brands.csv", brands(*pen.catalogue)},
          {"data/dimensions/stores.csv", stores(*pen.catalogue)},
          {"data/dimensions/associates.csv", associates(*pen.catalogue)},
          {"data/dimensions/campaigns.csv", campaigns(pen)},
          {"data/dimensions/contact_costs.csv", contact_costs()}};
}

}  // namespace hilo::world
