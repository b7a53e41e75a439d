// Goal: a world that is none is refused before anything is written. Method: a plan beyond each of its limits.
#include "app/generate.h"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>
#include <unistd.h>

namespace hilo::app {
namespace {

namespace fs = std::filesystem;

TEST(Generation, RefusesPlansBeyondTheirLimits) {
  const std::pair<const char*, std::function<void(world::WorldPlan&)>> cases[] = {
      {"customers", [](world::WorldPlan& plan) { plan.customers = 0; }},
      {"customers", [](world::WorldPlan& plan) { plan.customers = kWorldCustomersMax + 1; }},
      {"days", [](world::WorldPlan& plan) { plan.days = 0; }},
      {"days", [](world::WorldPlan& plan) { plan.days = kWorldDaysMax + 1; }},
      {"noise", [](world::WorldPlan& plan) { plan.noise = -0.1; }},
      {"noise", [](world::WorldPlan& plan) { plan.noise = std::nan(""); }},
      {"anonymous", [](world::WorldPlan& plan) { plan.anonymous = 1.1; }},
      {"threads", [](world::WorldPlan& plan) { plan.threads = 0; }},
      {"threads", [](world::WorldPlan& plan) { plan.threads = kWorldThreadsMax + 1; }},
  };
  const fs::path folder = fs::path(testing::TempDir()) / ("hilo-generate-" + std::to_string(::getpid()));
  for (const auto& [word, change] : cases) {
    GenerateRequest request{.plan = {}, .folder = folder};
    request.plan.customers = 10;
    request.plan.days = 10;
    request.plan.threads = 1;
    change(request.plan);
    SilentProgress listener;
    const auto made = Generation(request).make(listener);
    ASSERT_FALSE(made.has_value()) << word;
    EXPECT_EQ(made.error().code, ErrorCode::kUsage);
    EXPECT_NE(made.error().message.find(word), std::string::npos) << made.error().message;
    EXPECT_FALSE(fs::exists(folder));
  }
}

}  // namespace
}  // namespace hilo::app
