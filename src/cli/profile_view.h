// Profiles of attributes, for people and as JSON.
#pragma once

#include <string>
#include <vector>

#include "app/attribute_profile.h"
#include "cli/terminal.h"

namespace hilo::cli {

/// Renders the figures of one day in a few lines.
[[nodiscard]] std::string render_figures(const app::Attribute& attribute, const app::AttributeProfile& profile,
                                         const Terminal& terminal);
/// Renders them as a JSON object.
[[nodiscard]] std::string figures_json(const app::Attribute& attribute, const app::AttributeProfile& profile);

}  // namespace hilo::cli
