#include "world/retailer/catalogue.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/result.h"
#include "world/chance/randomness.h"
#include "world/chance/tables.h"

namespace hilo::world {
namespace {

constexpr int kStores = 40;
constexpr std::uint64_t kAssociatesPerStore = 6;
constexpr double kShareToTaste = 0.7;
constexpr int kThingsSeen = 4;
constexpr std::int64_t kCheapLineCents = 1'200;

struct Category {
  std::string_view name;
  double mean_price_eur;
  double margin_share;
  int items;
};

std::vector<Category> read_categories() {
  std::vector<Category> categories;
  for (const auto& row : table_rows("shared/categories.tsv", 4)) {
    categories.push_back({row[0], table_number(row[1]), table_number(row[2]), static_cast<int>(table_number(row[3]))});
  }
  return categories;
}

Rng chance_of(std::uint64_t seed, std::uint64_t subject, Purpose purpose) {
  return lasting_chance(seed, PersonId{subject}, purpose);
}

std::vector<Product> draw_products(std::uint64_t seed) {
  std::map<std::string_view, std::vector<std::string_view>> nouns;
  for (const auto& row : table_rows("shared/products.tsv", 2)) nouns[row[0]].push_back(row[1]);
  std::vector<std::string_view> brands;
  std::vector<double> shares;
  for (const auto& row : table_rows("shared/brands.tsv", 2)) {
    brands.push_back(row[0]);
    shares.push_back(table_number(row[1]));
  }
  const WeightedChoice brand(shares);
  std::vector<Product> products;
  std::uint64_t number = 0;
  for (const Category& category : read_categories()) {
    const auto& words = nouns.at(category.name);
    // A tenth of the range is enough for a demonstration: what matters is the mix of categories and prices.
    for (int item = 0; item < std::max(10, category.items / 10); ++item, ++number) {
      Rng rng = chance_of(seed, number, Purpose::kCatalogue);
      const double price = category.mean_price_eur * std::exp(0.45 * rng.normal() - 0.1);
      Product product;
      product.price_cents = std::max<std::int64_t>(1, std::llround(price)) * 100 - 5;  // 24.95
      product.cost_cents = std::llround(static_cast<double>(product.price_cents) * (1 - category.margin_share) *
                                        (0.9 + 0.2 * rng.uniform()));
      product.category = category.name;
      product.brand = brands[brand.pick(rng)];
      product.sku = fmt::format("{:05}-{:02}", 10'000 + number * 7, rng.below(100));
      product.name = fmt::format("{} {}", product.brand, words[rng.below(static_cast<std::uint32_t>(words.size()))]);
      products.push_back(std::move(product));
    }
  }
  return products;
}

std::vector<Store> draw_stores(std::uint64_t seed) {
  std::vector<Store> stores;
  for (int number = 0; number < kStores; ++number) {
    Rng rng = chance_of(seed, static_cast<std::uint64_t>(number), Purpose::kStores);
    // Every country has a store.
    const std::uint32_t drawn = rng.below(kLanguages);
    const auto language =
        static_cast<Language>(number < static_cast<int>(kLanguages) ? static_cast<std::uint32_t>(number) : drawn);
    stores.push_back({.id = fmt::format("S{:03}", number + 1),
                      .city = culture_of(language).cities.pick(rng).name,
                      .country = country_of(language),
                      .weight = rng.gamma(2, 1)});
  }
  return stores;
}

std::vector<Associate> draw_associates(std::uint64_t seed, const std::vector<Store>& stores) {
  std::vector<Associate> associates;
  for (std::uint64_t number = 0; number < stores.size() * kAssociatesPerStore; ++number) {
    Rng rng = chance_of(seed, number, Purpose::kAssociates);
    const Culture& culture = culture_of(static_cast<Language>(rng.below(kLanguages)));
    const WeightedTexts& given = rng.chance(0.7) ? culture.given_female : culture.given_male;
    const std::string& first = given.pick(rng);
    associates.push_back({.id = fmt::format("A{:04}", number + 1),
                          .name = fmt::format("{} {}", first, culture.family.pick(rng)),
                          .store = &stores[number / kAssociatesPerStore]});
  }
  return associates;
}

// How far a price is from what is to be spent, either way.
double mismatch(const Product& product, double target_cents) {
  return std::abs(std::log(static_cast<double>(product.price_cents) / target_cents));
}

// Demand falls with rank, as it does in shops.
std::vector<double> demand_of(std::uint64_t seed, const std::vector<Product>& products) {
  std::vector<double> weights;
  for (std::uint64_t number = 0; number < products.size(); ++number) {
    Rng rng = chance_of(seed, number, Purpose::kDemand);
    weights.push_back(std::exp(1.3 * rng.normal()));
  }
  return weights;
}

// How well each category sells, in the order in which they stand.
std::vector<double> sums_by_category(const std::vector<Product>& products, const std::vector<double>& weights) {
  std::vector<double> sums;
  for (std::size_t at = 0; at < products.size(); ++at) {
    if (at == 0 || products[at].category != products[at - 1].category) sums.push_back(0);
    sums.back() += weights[at];
  }
  return sums;
}

}  // namespace

Catalogue::Catalogue(std::uint64_t seed)
    : products_(draw_products(seed)),
      stores_(draw_stores(seed)),
      associates_(draw_associates(seed, stores_)),
      weights_(demand_of(seed, products_)),
      demand_(weights_),
      shelves_(shelves_of(products_, weights_)),
      category_demand_(sums_by_category(products_, weights_)),
      countries_(countries_of(stores_, associates_)) {}

std::vector<Catalogue::Country> Catalogue::countries_of(const std::vector<Store>& stores,
                                                        const std::vector<Associate>& associates) {
  std::vector<Country> countries;
  for (std::size_t language = 0; language < kLanguages; ++language) {
    const std::string_view code = country_of(static_cast<Language>(language));
    std::vector<std::uint32_t> its_stores;
    std::vector<std::uint32_t> its_associates;
    std::vector<double> weights;
    for (std::uint32_t at = 0; at < stores.size(); ++at) {
      if (stores[at].country != code) continue;
      its_stores.push_back(at);
      weights.push_back(stores[at].weight);
    }
    for (std::uint32_t at = 0; at < associates.size(); ++at) {
      if (associates[at].store->country == code) its_associates.push_back(at);
    }
    countries.push_back({.code = code,
                         .stores = std::move(its_stores),
                         .associates = std::move(its_associates),
                         .footfall = WeightedChoice(weights)});
  }
  return countries;
}

const Catalogue::Country& Catalogue::country_named(std::string_view code) const {
  const auto found = std::ranges::find(countries_, code, &Country::code);
  HILO_CHECK(found != countries_.end());
  return *found;
}

const Store& Catalogue::pick_store_in(std::string_view country, Rng& rng) const {
  const Country& its = country_named(country);
  return stores_[its.stores[its.footfall.pick(rng)]];
}

const std::vector<std::uint32_t>& Catalogue::associates_in(std::string_view country) const {
  return country_named(country).associates;
}

std::vector<Catalogue::Shelf> Catalogue::shelves_of(const std::vector<Product>& products,
                                                    const std::vector<double>& weights) {
  std::vector<Shelf> shelves;
  for (std::size_t first = 0; first < products.size();) {
    std::size_t last = first;
    while (last < products.size() && products[last].category == products[first].category) ++last;
    shelves.push_back({first, WeightedChoice(std::span(weights).subspan(first, last - first))});
    first = last;
  }
  return shelves;
}

std::vector<Line> draw_lines(const Catalogue& catalogue, const Taste& taste, std::int64_t value_cents, Rng& rng) {
  const auto wanted = static_cast<std::int64_t>(1 + rng.poisson(1.6));
  const std::int64_t affordable = std::max<std::int64_t>(1, value_cents / kCheapLineCents);
  const std::int64_t count = std::min(wanted, affordable);
  const double share_cents = static_cast<double>(value_cents) / static_cast<double>(count);
  std::vector<Line> lines;
  double total = 0;
  for (std::int64_t number = 0; number < count; ++number) {
    const bool to_taste = rng.chance(kShareToTaste);
    const std::size_t liked = taste[rng.below(static_cast<std::uint32_t>(taste.size()))];
    // Of a few things seen, what the purse is good for.
    const double target_cents = share_cents * std::exp(0.4 * rng.normal());
    const Product* best = nullptr;
    for (int seen = 0; seen < kThingsSeen; ++seen) {
      const Product& product = to_taste ? catalogue.pick_product_of(liked, rng) : catalogue.pick_product(rng);
      if (best == nullptr || mismatch(product, target_cents) < mismatch(*best, target_cents)) best = &product;
    }
    const std::int64_t quantity =
        std::max<std::int64_t>(1, std::llround(target_cents / static_cast<double>(best->price_cents)));
    total += static_cast<double>(best->price_cents * quantity);
    lines.push_back({.product = best, .quantity = quantity, .amount_cents = 0});
  }
  // Largest remainder last: every line has at least a cent, and the cents add up.
  std::int64_t left = value_cents;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    Line& line = lines[at];
    const auto after = static_cast<std::int64_t>(lines.size() - at - 1);
    const double share = static_cast<double>(line.product->price_cents * line.quantity) / total;
    const auto fair = static_cast<std::int64_t>(std::llround(share * static_cast<double>(value_cents)));
    line.amount_cents = at + 1 == lines.size() ? left : std::clamp<std::int64_t>(fair, 1, left - after);
    left -= line.amount_cents;
  }
  return lines;
}

}  // namespace hilo::world
