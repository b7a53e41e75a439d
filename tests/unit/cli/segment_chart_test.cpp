// The small chart of a segment's history.
#include <gtest/gtest.h>

#include "cli/segment_view.h"

namespace hilo::cli {
namespace {

TEST(Chart, DrawsColumnsFromZero) {
  EXPECT_EQ(render_chart({{"2024-01-31", 4}, {"2024-02-29", 8}, {"2024-03-31", 0}, {"2024-04-30", 1}}, 40, 2),
            "8 ┤     ████\n"
            "  │████ ████      ▂▂▂▂\n"
            "0 ┼────────────────────\n"
            "   2024-01-31 2024-04-30\n");
}

TEST(Chart, NeedsTwoPointsAndAValue) {
  EXPECT_EQ(render_chart({{"a", 4}}, 40, 2), "");
  EXPECT_EQ(render_chart({{"a", 0}, {"b", 0}}, 40, 2), "");
}

TEST(Chart, FitsItsWidth) {
  std::vector<ChartPoint> points;
  for (int day = 0; day < 365; ++day) points.emplace_back(std::to_string(day), day);
  const std::string chart = render_chart(points, 60, 6);
  EXPECT_NE(chart.find("364"), std::string::npos);
  std::size_t start = 0;
  for (std::size_t end = chart.find('\n'); end != std::string::npos; end = chart.find('\n', start)) {
    EXPECT_LE(display_width(chart.substr(start, end - start)), 60);
    start = end + 1;
  }
}

}  // namespace
}  // namespace hilo::cli
