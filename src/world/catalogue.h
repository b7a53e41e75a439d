// What the retailer sells, and where.
#pragma once

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
  /// Draws a product, by what sells.
  [[nodiscard]] const Product& pick_product(Rng& rng) const { return products_[demand_.pick(rng)]; }
  [[nodiscard]] const Store& pick_store(Rng& rng) const { return stores_[footfall_.pick(rng)]; }

 private:
  std::vector<Product> products_;
  std::vector<Store> stores_;
  std::vector<Associate> associates_;
  WeightedChoice demand_;
  WeightedChoice footfall_;
};

/// One line of a purchase. **Units**: cents; `quantity` pieces.
struct Line {
  const Product* product = nullptr;
  std::int64_t quantity = 1;
  std::int64_t amount_cents = 0;
};

/// Spreads a purchase's value over lines: products are drawn, and their amounts scaled so that they sum to the value to
/// the cent. **Requires**: value_cents > 0.
[[nodiscard]] std::vector<Line> draw_lines(const Catalogue& catalogue, std::int64_t value_cents, Rng& rng);

}  // namespace hilo::world
