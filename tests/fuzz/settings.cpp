// hilo.yaml: settings that were read lie within their limits, and written again as YAML they read the same; every fault
// has a place.
#include "app/settings.h"

#include <algorithm>

#include <yaml-cpp/yaml.h>

#include "base/text.h"
#include "engine.h"

namespace hilo::fuzz {
namespace {

std::string written(const Settings& settings) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "name" << YAML::Value << YAML::DoubleQuoted << settings.name;
  out << YAML::Key << "currency" << YAML::Value << YAML::DoubleQuoted << settings.currency;
  out << YAML::Key << "time_zone" << YAML::Value << YAML::DoubleQuoted << settings.time_zone;
  out << YAML::Key << "region" << YAML::Value << YAML::DoubleQuoted << settings.region;
  out << YAML::Key << "identity" << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "names_per_identifier_max" << YAML::Value << settings.names_per_identifier_max;
  out << YAML::Key << "records_per_identifier_max" << YAML::Value << settings.records_per_identifier_max
      << YAML::EndMap;
  out << YAML::Key << "segments" << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "seconds_max" << YAML::Value << settings.segment_seconds_max << YAML::EndMap;
  out << YAML::Key << "sql" << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "seconds_max" << YAML::Value << settings.question_seconds_max << YAML::EndMap;
  out << YAML::Key << "engine" << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "pass_seconds_max" << YAML::Value << settings.pass_seconds_max;
  out << YAML::Key << "threads" << YAML::Value << settings.threads;
  if (!settings.memory_limit.empty())
    out << YAML::Key << "memory_limit" << YAML::Value << YAML::DoubleQuoted << settings.memory_limit;
  out << YAML::EndMap << YAML::EndMap;
  HILO_CHECK(out.good());
  return out.c_str();
}

void judge_limits(const Settings& settings) {
  expect(is_utf8(settings.name) && !settings.name.empty(), "a name is text", settings.name);
  expect(settings.currency.size() == 3, "a currency is three letters", settings.currency);
  expect(settings.region.size() == 2, "a region is two letters", settings.region);
  expect(settings.threads >= 0 && settings.threads <= 1024, "threads within their limits", "");
  expect(settings.names_per_identifier_max >= 1 && settings.records_per_identifier_max >= 2, "identity's limits", "");
  if (settings.memory_limit.empty()) return;
  const std::string_view number =
      trim(std::string_view(settings.memory_limit).substr(0, settings.memory_limit.size() - 2));
  expect(!number.empty() && number.size() <= 15 &&
             std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; }),
         "memory that the engine can be told of", settings.memory_limit);
}

}  // namespace

void judge(std::string_view input) {
  static Engine& engine = *new Engine;
  const auto settings = app::read_settings("hilo.yaml", std::string(input), engine.connection());
  if (!settings) {
    expect(!settings.error().empty(), "a fault is told", input);
    for (const Error& error : settings.error()) {
      expect_their_fault(error);
      expect(error.position.line >= 0 && error.position.column >= 0, "a fault's place", error.text());
    }
    return;
  }
  judge_limits(*settings);
  const std::string text = written(*settings);
  const auto again = app::read_settings("hilo.yaml", text, engine.connection());
  expect(again.has_value(), "settings written are settings", text);
  expect_same("settings written and read", text, written(*again));
}

}  // namespace hilo::fuzz
