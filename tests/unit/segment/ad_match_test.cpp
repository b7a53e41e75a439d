// What leaves for advertising platforms: the form of each identifier, by platform, and on whose consent.
#include "segment/ad_match.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "store/database.h"

namespace hilo::segment {
namespace {

constexpr auto kGoogle = AdPlatform::kGoogle;
constexpr auto kMeta = AdPlatform::kMeta;
constexpr auto kEmail = AdIdentifier::kEmail;
constexpr auto kPhone = AdIdentifier::kPhone;

std::string ask(const std::string& expression, const std::string& value) {
  auto database = store::Database::open("");
  HILO_CHECK(database.has_value());
  auto connection = database->connect();
  HILO_CHECK(connection.has_value());
  const auto text = connection->query_text("select " + expression, {{"value", value}});
  return text ? text->value_or("NULL") : text.error().message;
}

std::string form(AdPlatform platform, AdIdentifier identifier, const std::string& value) {
  return ask(normalised_sql(platform, identifier, "$value::varchar"), value);
}

TEST(AdMatch, EmailsAreTrimmedAndInLowerCase) {
  EXPECT_EQ(form(kGoogle, kEmail, " Ana.Ruiz+News@Shop.ES "), "ana.ruiz+news@shop.es");
  EXPECT_EQ(form(kMeta, kEmail, " John_Smith@gmail.com "), "john_smith@gmail.com");
  EXPECT_EQ(form(kGoogle, kEmail, "no mail"), "NULL");
  EXPECT_EQ(form(kGoogle, kEmail, "a@b@c"), "NULL");
}

TEST(AdMatch, DotsBeforeGmailDoNotCountForGoogleAlone) {
  EXPECT_EQ(form(kGoogle, kEmail, "a.na.ruiz@gmail.com"), "anaruiz@gmail.com");
  EXPECT_EQ(form(kGoogle, kEmail, "A.na@googlemail.com"), "ana@googlemail.com");
  EXPECT_EQ(form(kGoogle, kEmail, "a.na+x@gmail.com"), "ana+x@gmail.com");
  EXPECT_EQ(form(kGoogle, kEmail, "a.na@notgmail.com"), "a.na@notgmail.com");
  EXPECT_EQ(form(kMeta, kEmail, "a.na@gmail.com"), "a.na@gmail.com");
}

TEST(AdMatch, PhonesAreE164WithAndWithoutPlus) {
  EXPECT_EQ(form(kGoogle, kPhone, "+34 600-111 222"), "+34600111222");
  EXPECT_EQ(form(kMeta, kPhone, "+1 (650) 555-1212"), "16505551212");
  EXPECT_EQ(form(kGoogle, kPhone, "600111222"), "NULL");
  EXPECT_EQ(form(kGoogle, kPhone, "+034600111222"), "NULL");
}

// The examples that Meta publishes with its parameters.
TEST(AdMatch, HashesAreThoseThatMetaPublishes) {
  const auto hash = [](AdIdentifier identifier, const std::string& value) {
    return ask(hashed_sql(kMeta, identifier, "$value::varchar"), value);
  };
  EXPECT_EQ(hash(kEmail, "John_Smith@gmail.com"), "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f");
  EXPECT_EQ(hash(kPhone, "+1 (650)555-1212"), "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176");
  EXPECT_EQ(hash(kEmail, "nothing"), "NULL");
}

TEST(AdMatch, ConsentIsAYes) {
  EXPECT_EQ(consent_sql(kEmail, {.ads = true, .channels = {"email"}}).value(),
            "(c.consent_ads is true and c.consent_email is not false)");
  EXPECT_EQ(consent_sql(kPhone, {.ads = true, .channels = {"email"}}).value(), "(c.consent_ads is true)");
  EXPECT_EQ(consent_sql(kPhone, {.ads = false, .channels = {"sms"}}).value(), "(c.consent_sms is true)");
  EXPECT_EQ(consent_sql(kPhone, {.ads = false, .channels = {"email"}}).error().code, ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace hilo::segment
