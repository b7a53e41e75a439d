#include "model/column.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace hilo {
namespace {

using enum ColumnRole;

constexpr std::string_view kText = "VARCHAR";
constexpr std::string_view kMoney = "DECIMAL(18,4)";
constexpr std::string_view kWall = "TIMESTAMP";

constexpr auto kColumns = std::to_array<CanonicalColumn>({
    {"source_id", kText, kIdentifier, false},
    {"email", kText, kIdentifier, true},
    {"phone", kText, kIdentifier, true},
    {"loyalty_id", kText, kIdentifier, false},
    {"device_id", kText, kIdentifier, false},
    {"full_name", kText, kPerson, true},
    {"given_name", kText, kPerson, true},
    {"family_name", kText, kPerson, true},
    {"address", kText, kPerson, true},
    {"city", kText, kPerson, false},
    {"postcode", kText, kPerson, true},
    {"country", kText, kPerson, false},
    {"birth_date", kText, kPerson, true},
    {"gender", kText, kPerson, false},
    {"acquisition_channel", kText, kPerson, false},
    {"updated_at", kWall, kClock, false},
    {"known_at", kWall, kClock, false},
    {"time", kWall, kEvent, false},
    {"type", kText, kEvent, false},
    {"channel", kText, kEvent, false},
    {"event_id", kText, kEvent, false},
    {"order_space", kText, kEvent, false},
    {"order_id", kText, kEvent, false},
    {"line_no", "BIGINT", kEvent, false},
    {"amount", kMoney, kEvent, false},
    {"currency", kText, kEvent, false},
    {"tax", kMoney, kEvent, false},
    {"sku", kText, kEvent, false},
    {"category", kText, kEvent, false},
    {"quantity", kMoney, kEvent, false},
    {"price", kMoney, kEvent, false},
    {"discount", kMoney, kEvent, false},
    {"unit_cost", kMoney, kEvent, false},
    {"store_id", kText, kEvent, false},
    {"associate_id", kText, kEvent, false},
    {"brand", kText, kEvent, false},
    {"campaign_id", kText, kEvent, false},
    {"offer_id", kText, kEvent, false},
    {"return_of_order_id", kText, kEvent, false},
    {"return_of_line", "BIGINT", kEvent, false},
});

constexpr CanonicalColumn kConsent{"consent", "BOOLEAN", kPerson, false};

}  // namespace

std::span<const CanonicalColumn> canonical_columns() { return kColumns; }

bool is_consent(std::string_view name) { return name.starts_with("consent_") && name.size() > 8; }

const CanonicalColumn* find_canonical(std::string_view name) {
  const auto* found = std::ranges::find(kColumns, name, &CanonicalColumn::name);
  if (found != kColumns.end()) return found;
  return is_consent(name) ? &kConsent : nullptr;
}

bool looks_like_contact(std::string_view name) {
  constexpr auto kHints =
      std::to_array<std::string_view>({"mail", "phone", "tel", "mobile", "name", "address", "street", "birth", "dob",
                                       "zip", "post", "iban", "card", "contact"});
  const std::string folded = lower_ascii(name);
  return std::ranges::any_of(kHints, [&](std::string_view hint) { return folded.find(hint) != std::string::npos; });
}

bool looks_like_value(std::string_view name) {
  constexpr std::ptrdiff_t kDigitsOfAValue = 5;
  return name.find('@') != std::string_view::npos ||
         std::ranges::count_if(name, [](char c) { return c >= '0' && c <= '9'; }) >= kDigitsOfAValue;
}

std::vector<std::string> canonical_names() {
  std::vector<std::string> names;
  for (const CanonicalColumn& column : kColumns) names.emplace_back(column.name);
  return names;
}

}  // namespace hilo
