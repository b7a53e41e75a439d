#include "model/source.h"

#include <algorithm>
#include <array>

#include "base/result.h"

namespace hilo {
namespace {

template <class T>
struct Named {
  T value;
  std::string_view name;
};

constexpr auto kKinds = std::to_array<Named<SourceKind>>({
    {SourceKind::kCrm, "crm"},           {SourceKind::kShop, "shop"},
    {SourceKind::kPos, "pos"},           {SourceKind::kLoyalty, "loyalty"},
    {SourceKind::kEmail, "email"},       {SourceKind::kSms, "sms"},
    {SourceKind::kPush, "push"},         {SourceKind::kAds, "ads"},
    {SourceKind::kWeb, "web"},           {SourceKind::kApp, "app"},
    {SourceKind::kSupport, "support"},   {SourceKind::kCalls, "calls"},
    {SourceKind::kVisits, "visits"},     {SourceKind::kSocial, "social"},
    {SourceKind::kFinance, "finance"},   {SourceKind::kOther, "other"},
    {SourceKind::kProduct, "product"},   {SourceKind::kStore, "store"},
    {SourceKind::kCampaign, "campaign"}, {SourceKind::kContactCost, "contact_cost"},
    {SourceKind::kFxRate, "fx_rate"},
});

constexpr auto kModes = std::to_array<Named<DeliveryMode>>(
    {{DeliveryMode::kFull, "full"}, {DeliveryMode::kLines, "lines"}, {DeliveryMode::kDelta, "delta"}});

template <class Table, class T>
std::string_view name_of(const Table& table, T value) {
  const auto found = std::ranges::find(table, value, &Named<T>::value);
  HILO_CHECK(found != table.end());
  return found->name;
}

template <class T, class Table>
std::optional<T> value_of(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Named<T>::name);
  if (found == table.end()) return std::nullopt;
  return found->value;
}

}  // namespace

std::string_view kind_name(SourceKind kind) { return name_of(kKinds, kind); }
std::optional<SourceKind> parse_kind(std::string_view name) { return value_of<SourceKind>(kKinds, name); }
std::string_view mode_name(DeliveryMode mode) { return name_of(kModes, mode); }
std::optional<DeliveryMode> parse_mode(std::string_view name) { return value_of<DeliveryMode>(kModes, name); }

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const auto& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

bool is_dimension(SourceKind kind) { return kind >= SourceKind::kProduct; }

DimensionTable dimension_table(SourceKind kind) {
  switch (kind) {
    case SourceKind::kProduct: return {"products", {"sku"}};
    case SourceKind::kStore: return {"stores", {"store_id"}};
    case SourceKind::kCampaign: return {"campaigns", {"campaign_id"}};
    case SourceKind::kContactCost: return {"contact_costs", {"channel"}};
    case SourceKind::kFxRate: return {"fx_rates", {"currency", "day"}};
    default: HILO_CHECK(false);
  }
  return {};
}

}  // namespace hilo
