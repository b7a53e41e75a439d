// Goal: each measure of the machine is judged as a run would feel it. Method: the judgements as functions of the
// figures; the trial of a folder on a real one.
#include "app/doctor.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "app/doctor_machine.h"
#include "app/doctor_workspace.h"

namespace hilo::app {
namespace {

constexpr std::uint64_t kGigabyte = 1'000'000'000;

TEST(DoctorMachine, Processors) {
  EXPECT_EQ(judge_processors(2, 0).verdict, Verdict::kOk);
  EXPECT_EQ(judge_processors(2, 2).verdict, Verdict::kOk);
  const Finding finding = judge_processors(2, 3);
  EXPECT_EQ(finding.verdict, Verdict::kWarning);
  EXPECT_EQ(finding.what, "engine.threads is 3, but this process may use 2 processors");
}

TEST(DoctorMachine, Memory) {
  const Memory machine = {.all = 8 * kGigabyte, .available = 6 * kGigabyte};
  EXPECT_EQ(judge_memory(machine, 4 * kGigabyte).verdict, Verdict::kOk);
  EXPECT_EQ(judge_memory(machine, 7 * kGigabyte).verdict, Verdict::kWarning);
  EXPECT_EQ(judge_memory(machine, 8 * kGigabyte).verdict, Verdict::kProblem);
  EXPECT_EQ(judge_memory({.all = kGigabyte / 4, .available = kGigabyte / 4}, kGigabyte / 8).verdict, Verdict::kProblem);
  EXPECT_NE(judge_memory({.all = kGigabyte, .available = kGigabyte, .of_container = true}, 1).what.find("container"),
            std::string::npos);
}

TEST(DoctorMachine, Room) {
  Room room = {.folder = "/shop", .bytes_free = 10 * kGigabyte, .files = 0, .files_free = 0};
  EXPECT_EQ(judge_room(room, 0).verdict, Verdict::kOk);
  EXPECT_EQ(judge_room(room, 4 * kGigabyte).verdict, Verdict::kOk);
  EXPECT_EQ(judge_room(room, 6 * kGigabyte).verdict, Verdict::kWarning);
  EXPECT_EQ(judge_room(room, 11 * kGigabyte).verdict, Verdict::kProblem);
  room.files = 1'000'000;
  EXPECT_EQ(judge_room(room, 0).verdict, Verdict::kProblem) << "no file can be made";
  room.files_free = 500'000;
  EXPECT_EQ(judge_room(room, 0).verdict, Verdict::kOk);
  room.bytes_free = 50'000'000;
  EXPECT_EQ(judge_room(room, 0).verdict, Verdict::kProblem) << "too little for any run";
}

TEST(DoctorMachine, OpenFiles) {
  EXPECT_EQ(judge_open_files(1024, 4096).verdict, Verdict::kOk);
  EXPECT_EQ(judge_open_files(512, 4096).verdict, Verdict::kWarning);
  EXPECT_EQ(judge_open_files(512, 4096).advice, "Raise it before a run: `ulimit -n 1024`.");
  EXPECT_EQ(judge_open_files(64, 64).verdict, Verdict::kProblem);
  EXPECT_NE(judge_open_files(64, 64).advice.find("hard limit"), std::string::npos);
}

TEST(DoctorMachine, LocaleAndHome) {
  EXPECT_EQ(judge_locale({}).verdict, Verdict::kOk);
  EXPECT_EQ(judge_locale({.lang = "es_ES.UTF-8"}).verdict, Verdict::kOk);
  EXPECT_EQ(judge_locale({.lang = "es_ES.utf8@euro"}).verdict, Verdict::kOk);
  EXPECT_EQ(judge_locale({.lang = "es_ES.ISO-8859-15"}).verdict, Verdict::kWarning);
  EXPECT_EQ(judge_locale({.lc_all = "C.UTF-8", .lang = "es_ES.ISO-8859-15"}).verdict, Verdict::kOk);
  EXPECT_EQ(judge_home({}).verdict, Verdict::kOk);
  EXPECT_EQ(judge_home({.home = "/"}).verdict, Verdict::kOk);
  EXPECT_EQ(judge_home({.home = "/nowhere/at/all"}).verdict, Verdict::kWarning);
}

TEST(DoctorWorkspace, ATrialLeavesNothing) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("hilo-doctor-test-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  // What one that was killed left: no process has a number as large.
  std::ofstream(folder / ".hilo-doctor-4194999").close();
  EXPECT_TRUE(try_writing(folder));
  EXPECT_TRUE(fs::is_empty(folder));
  fs::remove_all(folder);
  EXPECT_FALSE(try_writing(folder)) << "there is none any more";
}

}  // namespace
}  // namespace hilo::app
