// What the retailer sells, and where.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"

namespace hilo::world {

/// **Units**: cents.
struct Product {
  std::string sku;
  std::string name;
  std::string_view category;
  std::string_view brand;
  std::int64_t price_cents = 0;
  std::int64_t cost_cents = 0;
};

struct Store {
  std::string id;
  std::string city;
  std::string_view country;  ///< ISO 3166
  double weight = 1;         ///< how many come by
};

/// Somebody who sells in a store and has a book of clients.
struct Associate {
  std::string id;
  std::string name;
  const Store* store = nullptr;
};

/// Products and stores of a world. Immutable.
class Catalogue {
 public:
  /// Draws a catalogue; the same for the same seed. **Cost**: some ms.
  explicit Catalogue(std::uint64_t seed);
  [[nodiscard]] const std::vector<Product>& products() const { return products_; }
  [[nodiscard]] const std::vector<Store>& stores() const { return stores_; }
  [[nodiscard]] const std::vector<Associate>& associates() const { return associates_; }
  Catalogue(const Catalogue&) = delete;  // associates point to stores
  Catalogue& operator=(const Catalogue&) = delete;
  Catalogue(Catalogue&&) = delete;
  Catalogue& operator=(Catalogue&&) = delete;
  ~Catalogue() = default;

  /// Draws a product, by what sells.
  [[nodiscard]] const Product& pick_product(Rng& rng) const { return products_[demand_.pick(rng)]; }
  /// Draws a category, by what sells: a place below `categories()`.
  [[nodiscard]] std::size_t pick_category(Rng& rng) const { return category_demand_.pick(rng); }
  [[nodiscard]] std::size_t categories() const { return shelves_.size(); }
  /// Draws a product of a category, by what sells there.
  [[nodiscard]] const Product& pick_product_of(std::size_t category, Rng& rng) const {
    return products_[shelves_[category].first + shelves_[category].demand.pick(rng)];
  }
  [[nodiscard]] std::string_view category_name(std::size_t category) const {
    return products_[shelves_[category].first].category;
  }
  /// Draws a store of a country, by how many come by. **Requires**: one of the countries that people live in.
  [[nodiscard]] const Store& pick_store_in(std::string_view country, Rng& rng) const;
  /// Returns the places in associates() of those who work in a country. **Requires**: as pick_store_in.
  [[nodiscard]] const std::vector<std::uint32_t>& associates_in(std::string_view country) const;

 private:
  // The products of a category stand side by side.
  struct Shelf {
    std::size_t first = 0;
    WeightedChoice demand;
  };
  // What a country has.
  struct Country {
    std::string_view code;
    std::vector<std::uint32_t> stores;
    std::vector<std::uint32_t> associates;
    WeightedChoice footfall;
  };
  static std::vector<Country> countries_of(const std::vector<Store>& stores, const std::vector<Associate>& associates);
  [[nodiscard]] const Country& country_named(std::string_view code) const;
  static std::vector<Shelf> shelves_of(const std::vector<Product>& products, const std::vector<double>& weights);

  std::vector<Product> products_;
  std::vector<Store> stores_;
  std::vector<Associate> associates_;
  std::vector<double> weights_;  // by product
  WeightedChoice demand_;
  std::vector<Shelf> shelves_;
  WeightedChoice category_demand_;
  std::vector<Country> countries_;
};

/// One line of a purchase. **Units**: cents; `quantity` pieces.
struct Line {
  const Product* product = nullptr;
  std::int64_t quantity = 1;
  std::int64_t amount_cents = 0;
};

/// What somebody likes: categories by place.
using Taste = std::array<std::size_t, 3>;

/// Spreads a purchase's value over lines: products are drawn, most of them to the taste, and their amounts scaled so
/// that they sum to the value to the cent. **Requires**: value_cents > 0.
[[nodiscard]] std::vector<Line> draw_lines(const Catalogue& catalogue, const Taste& taste, std::int64_t value_cents,
                                           Rng& rng);

}  // namespace hilo::world
