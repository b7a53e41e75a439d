// Goal: a catalogue is a retailer's, and a purchase's lines sum to its value. Method: one catalogue, many purchases.
#include "world/retailer/catalogue.h"

#include <set>

#include <gtest/gtest.h>

namespace hilo::world {
namespace {

TEST(CatalogueTest, IsTheSameForTheSameSeed) {
  const Catalogue one(3);
  const Catalogue again(3);
  const Catalogue other(4);
  ASSERT_EQ(one.products().size(), again.products().size());
  bool differs = false;
  for (std::size_t at = 0; at < one.products().size(); ++at) {
    EXPECT_EQ(one.products()[at].sku, again.products()[at].sku);
    EXPECT_EQ(one.products()[at].price_cents, again.products()[at].price_cents);
    differs = differs || one.products()[at].price_cents != other.products()[at].price_cents;
  }
  EXPECT_TRUE(differs);
}

TEST(CatalogueTest, ProductsEarnSomethingAndHaveNamesOfTheirOwn) {
  const Catalogue catalogue(3);
  std::set<std::string> skus;
  for (const Product& product : catalogue.products()) {
    EXPECT_GT(product.price_cents, 0);
    EXPECT_LT(product.cost_cents, product.price_cents);
    EXPECT_FALSE(product.category.empty());
    skus.insert(product.sku);
  }
  EXPECT_EQ(skus.size(), catalogue.products().size());
  EXPECT_GT(skus.size(), 1'000U);
}

TEST(CatalogueTest, LinesSumToThePurchase) {
  const Catalogue catalogue(3);
  Rng rng({.seed = 1});
  for (std::int64_t value = 1; value < 20'000; value += 7) {
    std::int64_t sum = 0;
    for (const Line& line : draw_lines(catalogue, Taste{0, 1, 2}, value, rng)) {
      EXPECT_GE(line.amount_cents, 1);
      EXPECT_GE(line.quantity, 1);
      sum += line.amount_cents;
    }
    EXPECT_EQ(sum, value);
  }
}

}  // namespace
}  // namespace hilo::world
