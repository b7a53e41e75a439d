// Goal: hilo.yaml is text that the log can hold, and a size of memory is one that the engine can be told of.
#include "app/settings.h"

#include <gtest/gtest.h>

namespace hilo::app {
namespace {

std::string faults_of(const std::string& text) {
  auto database = store::Database::open("", {.threads = 1, .memory_limit = "512MB"});
  HILO_CHECK(database.has_value());
  auto connection = database->connect();
  HILO_CHECK(connection.has_value());
  const auto settings = read_settings("hilo.yaml", text, *connection);
  std::string faults;
  if (!settings) {
    for (const Error& error : settings.error()) faults += error.text() + "\n";
  }
  return faults;
}

TEST(Settings, AreUtf8) {
  EXPECT_EQ(faults_of("# se\xC3\xB1or\nname: x\n"), "");
  EXPECT_EQ(faults_of("# se\xF1or\nname: x\n"), "hilo.yaml:1:1: the file is not UTF-8: save it as UTF-8\n");
}

TEST(Settings, OfMemoryAreASize) {
  EXPECT_EQ(faults_of("engine: {memory_limit: 4GB}"), "");
  EXPECT_EQ(faults_of("engine: {memory_limit: ' 512 MB'}"), "");
  for (const char* wrong : {"' GB'", "GB", "4", "-4GB", "99999999999999999999GB"})
    EXPECT_NE(faults_of(std::string("engine: {memory_limit: ") + wrong + "}"), "") << wrong;
}

}  // namespace
}  // namespace hilo::app
