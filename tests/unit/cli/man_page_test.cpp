// Goal: nothing that the help says is taken for a command of roff.
#include "cli/man_page.h"

#include <gtest/gtest.h>

namespace hilo::cli {
namespace {

TEST(RoffText, EscapesWhatRoffWouldRead) {
  EXPECT_EQ(roff_text("--as-of"), "\\-\\-as\\-of");
  EXPECT_EQ(roff_text(".hilo\n.lock"), "\\&.hilo\n\\&.lock");
  EXPECT_EQ(roff_text("a.b"), "a.b");
  EXPECT_EQ(roff_text("'it's'"), "\\&\\(aqit\\(aqs\\(aq");
  EXPECT_EQ(roff_text("a\\b"), "a\\eb");
  EXPECT_EQ(roff_text("`~^"), "\\(ga\\(ti\\(ha");
}

TEST(ManPage, HoldsWhatTheHelpLists) {
  CLI::App program("What it is for.\nAnd more.", "hilo");
  std::string text;
  CLI::App* shown = program.add_subcommand("shown", "Does it");
  shown->add_option("WHO", text, "Whom")->required();
  shown->add_option("-o,--output", text, "A file")->type_name("FILE")->required();
  shown->footer("Examples:\n  hilo shown me\n");
  program.add_subcommand("hidden", "Does not")->group("");
  const std::string page = man_page(program);
  EXPECT_NE(page.find("\n.SS \\fBhilo shown\\fR [\\fIoption\\fR ...] \\fIWHO\\fR\nDoes it.\n"), std::string::npos)
      << page;
  EXPECT_NE(page.find(".TP\n\\fB\\-o\\fR, \\fB\\-\\-output\\fR \\fIFILE\\fR\nA file (needed)\n"), std::string::npos);
  EXPECT_NE(page.find("Examples:\n  hilo shown me\n.EE\n"), std::string::npos);
  EXPECT_EQ(page.find("hidden"), std::string::npos);
  EXPECT_NE(page.find("engine.memory_limit"), std::string::npos) << "settings stand in it";
}

}  // namespace
}  // namespace hilo::cli
