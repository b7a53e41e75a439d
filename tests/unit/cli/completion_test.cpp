// Goal: what the Tab key offers is what the parser would take. Method: a small program of every kind of option, and the
// words of a line that is being typed.
#include "cli/completion.h"

#include <gtest/gtest.h>

namespace hilo::cli {
namespace {

class Completion : public testing::Test {
 protected:
  Completion() : program_("A program", "hilo") {
    program_.add_option("-C,--workspace", text_, "Where")->type_name("DIR");
    CLI::App* export_command = add("export");
    export_command->add_option("NAME", text_, "What")->type_name("SEGMENT|TABLE")->required();
    export_command->add_option("-o,--output", text_, "A file\nto write")->type_name("FILE");
    export_command->add_option("--format", text_, "How")->type_name("csv|parquet");
    export_command->add_option("--as-of", text_, "When")->type_name("DAY");
    export_command->add_flag("--reveal", flag_, "All of it");
    CLI::App* segment = add("segment");
    CLI::App* overlap = segment->add_subcommand("overlap", "Two of them");
    overlap->add_option("NAME", texts_, "Which")->type_name("SEGMENT");
    segment->add_subcommand("list", "All of them");
    program_.add_subcommand("secret", "Not listed")->group("");
  }

  CLI::App* add(const std::string& name) {
    CLI::App* command = program_.add_subcommand(name, "What " + name + " does");
    command->add_option("-C,--workspace", text_, "Where")->type_name("DIR");
    return command;
  }

  // The words offered, in their order, with the kinds of names that the shell adds.
  std::string offered(const std::vector<std::string>& words) {
    const NameSources names = {.segments =
                                   [this](const std::string& folder) {
                                     folder_ = folder;
                                     return std::vector<std::string>{"at_risk", "vip"};
                                   },
                               .attributes =
                                   [this](const std::string& folder) {
                                     folder_ = folder;
                                     return std::vector<std::string>{"orders", "revenue"};
                                   },
                               .tables = [] { return std::vector<std::string>{"customers", "events"}; }};
    const Completions completions = complete(program_, words, names);
    std::string out;
    for (const Candidate& candidate : completions.candidates) out += (out.empty() ? "" : " ") + candidate.word;
    return out + (completions.files ? " files" : "") + (completions.folders ? " folders" : "");
  }

  CLI::App program_;
  std::string text_;
  std::vector<std::string> texts_;
  bool flag_ = false;
  std::string folder_;
};

TEST_F(Completion, CommandsAndParts) {
  EXPECT_EQ(offered({""}), "export segment");
  EXPECT_EQ(offered({}), "export segment");
  EXPECT_EQ(offered({"ex"}), "export");
  EXPECT_EQ(offered({"s"}), "segment") << "what the help does not list is not offered";
  EXPECT_EQ(offered({"-C", "shop", "seg"}), "segment");
  EXPECT_EQ(offered({"segment", ""}), "overlap list");
  EXPECT_EQ(offered({"nonsense", ""}), "export segment");
}

TEST_F(Completion, Options) {
  EXPECT_EQ(offered({"export", "-"}), "--help --workspace --output --format --as-of --reveal");
  EXPECT_EQ(offered({"export", "--re"}), "--reveal");
  EXPECT_EQ(offered({"export", "--reveal", "--re"}), "") << "given already";
  EXPECT_EQ(offered({"export", "-o", "x", "--o"}), "") << "given by its other name";
  EXPECT_EQ(offered({"export", "-o"}), "-o");
  EXPECT_EQ(offered({"export", "--", "--re"}), "");
  EXPECT_EQ(offered({"segment", "list", ""}), "--help") << "nothing else is left to say";
}

TEST_F(Completion, Values) {
  EXPECT_EQ(offered({"export", "--format", ""}), "csv parquet");
  EXPECT_EQ(offered({"export", "--format", "p"}), "parquet");
  EXPECT_EQ(offered({"export", "--format=p"}), "--format=parquet");
  EXPECT_EQ(offered({"export", "--as-of", ""}), "") << "any day will do";
  EXPECT_EQ(offered({"export", "-o", ""}), " files");
  EXPECT_EQ(offered({"export", "--output="}), " files");
  EXPECT_EQ(offered({"-C", ""}), " folders");
  EXPECT_EQ(offered({"export", "--nonsense="}), "");
}

TEST_F(Completion, Names) {
  EXPECT_EQ(offered({"export", ""}), "at_risk vip customers events");
  EXPECT_EQ(folder_, ".");
  EXPECT_EQ(offered({"-C", "shop", "export", "v"}), "vip");
  EXPECT_EQ(folder_, "shop");
  EXPECT_EQ(offered({"export", "-C=other", "v"}), "vip");
  EXPECT_EQ(folder_, "other");
  EXPECT_EQ(offered({"export", "vip", "a"}), "") << "one is enough";
  EXPECT_EQ(offered({"segment", "overlap", "vip", ""}), "at_risk") << "the other ones";
}

TEST_F(Completion, LinesForTheScripts) {
  EXPECT_EQ(completion_lines({.candidates = {{"vip", "segment"}, {"x", ""}}, .files = true, .folders = false}),
            "vip\tsegment\nx\t\n:files\n");
  const Completions completions = complete(program_, {"export", "--o"}, {});
  ASSERT_EQ(completions.candidates.size(), 1U);
  EXPECT_EQ(completions.candidates.front().what, "A file") << "the first line tells";
}

TEST(Unquoted, TakesWhatAShellWouldHandOver) {
  EXPECT_EQ(unquoted("plain", ""), "plain");
  EXPECT_EQ(unquoted("My\\ shop", ""), "My shop");
  EXPECT_EQ(unquoted("'My shop'", ""), "My shop");
  EXPECT_EQ(unquoted("'My sh", ""), "My sh") << "still being typed";
  EXPECT_EQ(unquoted("\"a\\\"b\"", ""), "a\"b");
  EXPECT_EQ(unquoted("'a\\b'", ""), "a\\b");
  EXPECT_EQ(unquoted("a\\", ""), "a\\");
  EXPECT_EQ(unquoted("~/shop", "/home/ana"), "/home/ana/shop");
  EXPECT_EQ(unquoted("~/shop", ""), "~/shop");
  EXPECT_EQ(unquoted("~ana", "/home/ana"), "~ana");
  EXPECT_EQ(unquoted("$(touch x)", ""), "$(touch x)") << "nothing is run";
}

}  // namespace
}  // namespace hilo::cli
