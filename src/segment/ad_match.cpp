#include "segment/ad_match.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace hilo::segment {

Result<AdPlatform> parse_ad_platform(std::string_view text) {
  if (text == "google") return AdPlatform::kGoogle;
  if (text == "meta") return AdPlatform::kMeta;
  return fail(ErrorCode::kUsage, fmt::format("'{}' is not a platform{}", text, did_you_mean(text, {"google", "meta"})),
              "A platform is google or meta.");
}

Result<AdIdentifier> parse_ad_identifier(std::string_view text) {
  if (text == "email") return AdIdentifier::kEmail;
  if (text == "phone") return AdIdentifier::kPhone;
  return fail(ErrorCode::kUsage, fmt::format("'{}' cannot be hashed{}", text, did_you_mean(text, {"email", "phone"})),
              "--hash takes email, phone, or both: --hash email,phone");
}

std::string_view ad_column(AdPlatform platform, AdIdentifier identifier) {
  if (platform == AdPlatform::kMeta) return contact_column(identifier);
  return identifier == AdIdentifier::kEmail ? "Email" : "Phone";
}

std::string_view contact_column(AdIdentifier identifier) {
  return identifier == AdIdentifier::kEmail ? "email" : "phone";
}

std::string_view channel_of(AdIdentifier identifier) { return identifier == AdIdentifier::kEmail ? "email" : "sms"; }

std::string normalised_sql(AdPlatform platform, AdIdentifier identifier, const std::string& value) {
  if (identifier == AdIdentifier::kPhone) {
    // E.164: a plus sign, a country code that does not begin with zero, 15 digits at most.
    const std::string digits = fmt::format("regexp_replace({}, '[^0-9+]', '', 'g')", value);
    const std::string number = platform == AdPlatform::kGoogle ? digits : fmt::format("substr({}, 2)", digits);
    return fmt::format("case when regexp_full_match({}, '[+][1-9][0-9]{{6,14}}') then {} end", digits, number);
  }
  const std::string text = fmt::format("lower(regexp_replace({}, '\\s', '', 'g'))", value);
  std::string form = text;
  if (platform == AdPlatform::kGoogle) {
    form = fmt::format(
        "case when split_part({0}, '@', 2) in ('gmail.com', 'googlemail.com') "
        "then replace(split_part({0}, '@', 1), '.', '') || '@' || split_part({0}, '@', 2) else {0} end",
        text);
  }
  return fmt::format("case when regexp_full_match({}, '[^@]+@[^@]+') then {} end", text, form);
}

std::string hashed_sql(AdPlatform platform, AdIdentifier identifier, const std::string& value) {
  return fmt::format("sha256({})", normalised_sql(platform, identifier, value));
}

Result<std::string> consent_sql(AdIdentifier identifier, const ConsentColumns& known) {
  const std::string_view channel = channel_of(identifier);
  const bool has_channel = std::ranges::find(known.channels, channel) != known.channels.end();
  if (known.ads && has_channel) return fmt::format("(c.consent_ads is true and c.consent_{} is not false)", channel);
  if (known.ads) return "(c.consent_ads is true)";
  if (has_channel) return fmt::format("(c.consent_{} is true)", channel);
  return fail(ErrorCode::kInvalidInput,
              fmt::format("nothing is known of consent to ads or to {}: no {} can leave for a platform", channel,
                          contact_column(identifier)),
              fmt::format("Let a source give consent_ads or consent_{}, as sources/README.md shows.", channel));
}

}  // namespace hilo::segment
