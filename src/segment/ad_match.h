// Contact data as advertising platforms ask for them: brought to their form and hashed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hilo::segment {

/// Who matches the hashes against accounts of its own.
enum class AdPlatform : std::uint8_t { kGoogle, kMeta };
/// What a hash is made of.
enum class AdIdentifier : std::uint8_t { kEmail, kPhone };

/// Parses google or meta; email or phone. **Errors**: kUsage with the nearest known name.
[[nodiscard]] Result<AdPlatform> parse_ad_platform(std::string_view text);
[[nodiscard]] Result<AdIdentifier> parse_ad_identifier(std::string_view text);

/// Returns the name that the platform's upload gives the column: Email, Phone (Google); email, phone (Meta).
[[nodiscard]] std::string_view ad_column(AdPlatform platform, AdIdentifier identifier);
/// Returns the name of the column of contact.customers: email, phone.
[[nodiscard]] std::string_view contact_column(AdIdentifier identifier);
/// Returns the channel whose consent covers the identifier: email; sms for a phone.
[[nodiscard]] std::string_view channel_of(AdIdentifier identifier);

/// Returns the SQL expression that brings a value, the SQL expression `value`, to the platform's form: trimmed and in
/// lower case; for Google without dots before gmail.com and googlemail.com; a phone in E.164, for Meta without its plus
/// sign. NULL for a value that cannot be one.
/// **Source**: Google Ads API, Customer Match, "Normalize and hash user-provided data"; Meta Marketing API, Customer
/// Information Parameters (docs/export.md quotes both).
[[nodiscard]] std::string normalised_sql(AdPlatform platform, AdIdentifier identifier, const std::string& value);
/// Returns the expression of its SHA-256: 64 lower-case hexadecimal digits, or NULL.
[[nodiscard]] std::string hashed_sql(AdPlatform platform, AdIdentifier identifier, const std::string& value);

/// What the flat table knows of consent.
struct ConsentColumns {
  bool ads = false;                        ///< it has consent_ads
  std::vector<std::string> channels = {};  ///< the channels of which it has a consent: email, sms ...
};
/// Returns the condition, over the flat table under the name `c`, on which an identifier of a customer may go to a
/// platform: yes to ads, and no "no" to the identifier's channel; where nothing is known of ads, yes to the channel.
/// Unknown is no yes. **Errors**: kInvalidInput where neither consent is known of at all.
[[nodiscard]] Result<std::string> consent_sql(AdIdentifier identifier, const ConsentColumns& known);

}  // namespace hilo::segment
