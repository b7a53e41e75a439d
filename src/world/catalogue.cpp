#include "world/catalogue.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "world/randomness.h"
#include "world/tables.h"

namespace hilo::world {
namespace {

constexpr int kStores = 40;
constexpr std::uint64_t kAssociatesPerStore = 6;
constexpr double kShareToTaste = 0.7;

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
    const auto language = static_cast<Language>(rng.below(kLanguages));
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

std::vector<double> weights_of(const std::vector<Store>& stores) {
  std::vector<double> weights;
  for (const Store& store : stores) weights.push_back(store.weight);
  return weights;
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
      footfall_(weights_of(stores_)) {}

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
  std::vector<Line> lines;
  double total = 0;
  for (std::int64_t number = 0; number < std::min(wanted, value_cents); ++number) {
    const bool to_taste = rng.chance(kShareToTaste);
    const std::size_t liked = taste[rng.below(static_cast<std::uint32_t>(taste.size()))];
    const Product& product = to_taste ? catalogue.pick_product_of(liked, rng) : catalogue.pick_product(rng);
    Line line{.product = &product, .quantity = rng.chance(0.85) ? 1 : 2, .amount_cents = 0};
    total += static_cast<double>(line.product->price_cents * line.quantity);
    lines.push_back(line);
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
