#include "world/generate.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <span>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "world/silos/write_day.h"
#include "world/writing/block.h"
#include "world/writing/files.h"

namespace hilo::world {
namespace {

namespace fs = std::filesystem;

constexpr int kDaysAhead = 60;  // of the calendar: lives look days ahead, what an offer is expected to bring four weeks

// Hands out blocks to threads and takes them back in order; a thread waits rather than run far ahead.
class BlockQueue {
 public:
  BlockQueue(std::uint64_t blocks, int threads) : blocks_(blocks), ahead_(static_cast<std::uint64_t>(threads) * 2) {}

  std::optional<std::uint64_t> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || next_ >= blocks_ || next_ < written_ + ahead_; });
    if (stopped_ || next_ >= blocks_) return std::nullopt;
    return next_++;
  }

  void give(std::uint64_t block, BlockRows rows) {
    const std::lock_guard lock(mutex_);
    ready_.emplace(block, std::move(rows));
    changed_.notify_all();
  }

  // The next block in order; nothing when all are written.
  std::optional<BlockRows> next_in_order() {
    std::unique_lock lock(mutex_);
    if (written_ == blocks_) return std::nullopt;
    changed_.wait(lock, [&] { return ready_.contains(written_); });
    BlockRows rows = std::move(ready_.extract(written_).mapped());
    ++written_;
    changed_.notify_all();
    return rows;
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, BlockRows> ready_;
  std::uint64_t blocks_;
  std::uint64_t ahead_;
  std::uint64_t next_ = 0;
  std::uint64_t written_ = 0;
  bool stopped_ = false;
};

WorldFacts facts_of(const WorldPlan& plan, const Catalogue& catalogue) {
  const Date until{plan.opened_on.days + plan.days};
  WorldFacts world{.seed = plan.seed,
                   .regime = plan.regime,
                   .anonymous = plan.anonymous,
                   .opened_on = plan.opened_on,
                   .catalogue = &catalogue,
                   .campaigns = {},
                   .calendar = {}};
  // The textbook knows no marketing. What begins in the days that are lived beyond the end is part of what comes of the
  // decisions before.
  const Date known_until{until.days + kOutcomeDays - 1};
  if (plan.regime != Regime::kTextbook) world.campaigns = campaign_calendar(plan.seed, plan.opened_on, known_until);
  const int ahead = std::max(kDaysAhead, plan.expectations.horizons.back() + 1);
  for (Date day = plan.opened_on; day.days < known_until.days + ahead; ++day.days)
    world.calendar.push_back(factors_of(day));
  return world;
}

std::span<const Campaign> campaigns_before(const WorldFacts& world, Date until) {
  const auto end = std::ranges::lower_bound(world.campaigns, until, {}, &Campaign::on);
  return {world.campaigns.begin(), end};
}

// The day from which on no outcome is open any more.
Date outcomes_known_on(std::span<const Campaign> campaigns, Date until) {
  if (campaigns.empty()) return until;
  return std::max(until, Date{campaigns.back().on.days + kOutcomeDays});
}

Result<std::uint64_t> write_tables(const fs::path& folder, const std::map<std::string, std::string>& tables) {
  std::uint64_t bytes = 0;
  for (const auto& [name, text] : tables) {
    const fs::path path = folder / name;
    std::error_code failure;
    fs::create_directories(path.parent_path(), failure);
    if (failure) return unwritable(path.parent_path(), failure.value());
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) return unwritable(path, errno);
    bytes += text.size();
  }
  return bytes;
}

}  // namespace

Result<WorldReport> generate(const WorldPlan& plan, const fs::path& folder,
                             const std::function<void(std::uint64_t done)>& progress) {
  if (fs::exists(folder / "truth"))
    return fail(ErrorCode::kConflict, fmt::format("{} holds a world already", folder.string()), "Name another folder.");
  HILO_TRY(check_horizons(plan.expectations.horizons));
  const Catalogue catalogue(plan.seed);
  const WorldFacts world = facts_of(plan, catalogue);
  const Date until{plan.opened_on.days + plan.days};
  const Pen pen{.seed = plan.seed,
                .noise = plan.noise,
                .opened_on = plan.opened_on,
                .catalogue = &catalogue,
                .campaigns = campaigns_before(world, until)};
  const BlockPlan block_plan{.customers = plan.customers,
                             .until = until,
                             .lived_until = outcomes_known_on(pen.campaigns, until),
                             .expectations = plan.expectations};
  const std::uint64_t cells = (plan.customers + kCellSize - 1) / kCellSize;
  const std::uint64_t blocks = (cells + kCellsPerBlock - 1) / kCellsPerBlock;
  BlockQueue queue(blocks, plan.threads);
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < plan.threads; ++thread) {
    threads.emplace_back([&] {
      while (const std::optional<std::uint64_t> block = queue.take()) {
        const std::uint64_t first = *block * kCellsPerBlock;
        const std::uint64_t last = std::min(cells, first + kCellsPerBlock);
        queue.give(*block, live_block(world, pen, block_plan, first, last));
      }
    });
  }
  WorldReport report;
  DeliveryFiles files(folder, folder / ".waiting");
  files.set_header(Silo::kTruthExpectations, expectations_header(plan.expectations.horizons));
  std::map<std::uint32_t, CampaignTotals> campaigns;
  std::uint64_t done = 0;
  while (const std::optional<BlockRows> block = queue.next_in_order()) {
    if (const Status added = files.add(block->rows, until); !added) {
      queue.stop();
      return std::unexpected(added.error());
    }
    for (const auto& [number, totals] : block->campaigns) campaigns[number] += totals;
    report.purchases += block->purchases;
    if (progress) progress(std::min(plan.customers, ++done * kCellsPerBlock * kCellSize));
  }
  for (std::size_t silo = 0; silo < kSilos; ++silo) {
    const auto which = static_cast<Silo>(silo);
    report.rows[std::string(form_of(which).name)] = files.rows(which);
  }
  HILO_ASSIGN(const std::uint64_t delivered, files.finish(plan.seed, plan.opened_on, until));
  HILO_ASSIGN(const std::uint64_t dimensions, write_tables(folder, write_dimensions(pen)));
  HILO_ASSIGN(const std::uint64_t truths, write_tables(folder, truth_tables(world, until, campaigns)));
  report.bytes = delivered + dimensions + truths;
  return report;
}

}  // namespace hilo::world
