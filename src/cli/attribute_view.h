// Answers about attributes, for people and as JSON.
#pragma once

#include <string>
#include <vector>

#include "app/attribute_profile.h"
#include "app/attribute_why.h"
#include "app/attributes.h"
#include "cli/terminal.h"

namespace hilo::cli {

[[nodiscard]] std::string render_attributes(const std::vector<app::Attribute>& attributes, const Terminal& terminal);
[[nodiscard]] std::string attributes_json(const std::vector<app::Attribute>& attributes);

/// An attribute with those that it is built of, and its figures where there is a store.
struct AttributeCard {
  const app::Attribute* attribute = nullptr;
  std::vector<const app::Attribute*> uses;  ///< in turn, each once
  std::optional<app::AttributeProfile> profile;
};
[[nodiscard]] std::string render_card(const AttributeCard& card, const Terminal& terminal);
[[nodiscard]] std::string card_json(const AttributeCard& card);

[[nodiscard]] std::string render_why(const app::AttributeWhy& why, const Terminal& terminal);
[[nodiscard]] std::string why_json(const app::AttributeWhy& why);

/// Renders the last day's figures, on a terminal with a histogram, then those of all days where there are several.
[[nodiscard]] std::string render_profile(const app::Attribute& attribute, const app::AttributeProfile& now,
                                         const std::vector<app::AttributeProfile>& days, const Terminal& terminal);
[[nodiscard]] std::string profile_json(const app::Attribute& attribute, const app::AttributeProfile& now,
                                       const std::vector<app::AttributeProfile>& days);

}  // namespace hilo::cli
