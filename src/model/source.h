// What a source is: which silo it reads, how its deliveries replace each other, whose word counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hilo {

/// The kind of silo or of keyed table that a source reads.
enum class SourceKind : std::uint8_t {
  kCrm,
  kShop,
  kPos,
  kLoyalty,
  kEmail,
  kSms,
  kPush,
  kAds,
  kWeb,
  kApp,
  kSupport,
  kCalls,
  kVisits,
  kSocial,
  kFinance,
  kOther,
  // Dimensions: keyed tables that enrich the rest.
  kProduct,
  kStore,
  kCampaign,
  kContactCost,
  kFxRate,
};

/// How a later delivery of an order stands to an earlier one (design, section 3).
enum class DeliveryMode : std::uint8_t {
  kFull,   ///< a delivery holds the whole order and replaces it
  kLines,  ///< replaces by line_no
  kDelta,  ///< adds
};

[[nodiscard]] std::string_view kind_name(SourceKind kind);
[[nodiscard]] std::optional<SourceKind> parse_kind(std::string_view name);
[[nodiscard]] std::vector<std::string> kind_names();
[[nodiscard]] bool is_dimension(SourceKind kind);

[[nodiscard]] std::string_view mode_name(DeliveryMode mode);
[[nodiscard]] std::optional<DeliveryMode> parse_mode(std::string_view name);

/// The header of a source: everything but its query.
struct Source {
  std::string name;
  SourceKind kind = SourceKind::kOther;
  std::string order_space;  ///< default: the source's name
  DeliveryMode delivery = DeliveryMode::kFull;
  int rank = 100;         ///< lower counts more
  std::string region;     ///< ISO 3166 default for phones; empty = the workspace's
  std::string time_zone;  ///< of times without one; empty = the workspace's
};

/// The keyed table that a dimension kind fills. **Requires**: is_dimension(kind).
struct DimensionTable {
  std::string_view table;
  std::vector<std::string_view> keys;
};
[[nodiscard]] DimensionTable dimension_table(SourceKind kind);

}  // namespace hilo
