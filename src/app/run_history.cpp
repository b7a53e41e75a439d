#include "app/run_history.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "store/durable.h"

namespace hilo::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kRunsKept = 200;

std::filesystem::path history_file(const Workspace& workspace) { return workspace.root() / ".hilo.runs.jsonl"; }

Json to_json(const PastRun& run) {
  Json passes = Json::array();
  for (const PassReport& pass : run.passes) {
    passes.push_back({{"name", pass.name}, {"rows", pass.rows}, {"unit", pass.unit}, {"seconds", pass.seconds}});
  }
  return {{"started_at", run.started_at.micros},
          {"command", run.command},
          {"run", run.run},
          {"up_to_date", run.up_to_date},
          {"rows", run.rows},
          {"rejects", run.rejects},
          {"seconds", run.seconds},
          {"error", run.error},
          {"passes", passes}};
}

std::optional<PastRun> run_from(std::string_view line) {
  try {
    const Json json = Json::parse(line);
    PastRun run;
    run.started_at.micros = json.at("started_at");
    run.command = json.at("command");
    run.run = json.at("run");
    run.up_to_date = json.at("up_to_date");
    run.rows = json.at("rows");
    run.rejects = json.at("rejects");
    run.seconds = json.at("seconds");
    run.error = json.at("error");
    for (const Json& pass : json.at("passes")) {
      run.passes.push_back(
          {.name = pass.at("name"), .rows = pass.at("rows"), .unit = pass.at("unit"), .seconds = pass.at("seconds")});
    }
    return run;
  } catch (const Json::exception&) {
    return {};  // a line of another program, or one that a crash cut
  }
}

std::vector<std::string> kept_lines(const Workspace& workspace) {
  std::vector<std::string> lines;
  const Result<std::string> text = store::read_file(history_file(workspace));
  if (!text) return lines;
  for (const std::string_view line : split(*text, '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

}  // namespace

RunRecorder::RunRecorder(const Workspace& workspace, std::string command)
    : workspace_(workspace), command_(std::move(command)), started_at_(SystemClock().now()) {}

void RunRecorder::succeeded(PastRun facts) const { keep(std::move(facts)); }

void RunRecorder::failed(const std::vector<Error>& errors) const {
  if (errors.front().code == ErrorCode::kConflict) return;
  PastRun run;
  run.error = errors.front().message;
  if (errors.size() > 1) run.error += fmt::format(", and {} more", errors.size() - 1);
  constexpr double kMicrosPerSecond = 1e6;
  run.seconds = static_cast<double>(SystemClock().now().micros - started_at_.micros) / kMicrosPerSecond;
  keep(std::move(run));
}

void RunRecorder::keep(PastRun run) const {
  run.started_at = started_at_;
  run.command = command_;
  std::vector<std::string> lines = kept_lines(workspace_);
  lines.push_back(to_json(run).dump(-1, ' ', false, Json::error_handler_t::replace));
  if (lines.size() > kRunsKept) lines.erase(lines.begin(), lines.end() - kRunsKept);
  const std::filesystem::path file = history_file(workspace_);
  const std::filesystem::path unfinished = file.string() + ".unfinished";
  const bool kept = store::write_file(unfinished, join(lines, "\n") + "\n") && store::publish_file(unfinished, file);
  if (!kept) static_cast<void>(store::remove_tree(unfinished));
}

std::vector<PastRun> past_runs(const Workspace& workspace, std::size_t runs_max) {
  std::vector<PastRun> runs;
  const std::vector<std::string> lines = kept_lines(workspace);
  for (auto line = lines.rbegin(); line != lines.rend() && runs.size() < runs_max; ++line) {
    if (std::optional<PastRun> run = run_from(*line)) runs.push_back(std::move(*run));
  }
  return runs;
}

}  // namespace hilo::app
