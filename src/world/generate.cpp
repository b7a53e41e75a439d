#include "world/generate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "world/silos.h"
#include "world/textbook.h"

namespace hilo::world {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kCellsPerBlock = 256;
constexpr double kShareKnownToCrm = 0.75;

// Which record of a person an error belongs to: each silo errs for itself.
enum class RecordOf : std::uint32_t { kCrm = 1, kShop = 2 };

// A month of a silo: one file. Truths have one file for all time, month 0.
struct FileKey {
  Silo silo;
  int month;  ///< since the year 0
  auto operator<=>(const FileKey&) const = default;
};

// What one block of people wrote, by file.
struct BlockRows {
  std::map<FileKey, std::string> texts;
  std::array<std::int64_t, kSilos> rows{};
  std::int64_t purchases = 0;
};

int month_of(Date day) {
  const CivilDate date = civil(day);
  return date.year * 12 + date.month - 1;
}

std::string file_name(const FileKey& key) {
  const SiloForm& form = form_of(key.silo);
  if (key.month == 0) return fmt::format("{}/{}.csv", form.folder, form.name);
  return fmt::format("{}/{}_{:04}-{:02}.csv", form.folder, form.name, key.month / 12, key.month % 12 + 1);
}

// Lives one block of people through all days. Owns nothing that another block sees.
class BlockWriter {
 public:
  BlockWriter(const WorldPlan& plan, const Catalogue& catalogue) : plan_(plan), catalogue_(catalogue) {}

  BlockRows write(std::uint64_t first_cell, std::uint64_t last_cell) {
    rows_ = {};
    for (std::uint64_t cell = first_cell; cell < last_cell; ++cell) {
      for (const Person& person : people_of_cell(plan_.seed, cell, plan_.opened_on, end())) {
        if (person.id.number < plan_.customers) live(person);
      }
    }
    return std::move(rows_);
  }

 private:
  [[nodiscard]] Date end() const { return {plan_.opened_on.days + plan_.days}; }

  std::string& text(Silo silo, int month) { return rows_.texts[{silo, month}]; }

  void live(const Person& person) {
    const TextbookCharacter character = draw_character(plan_.seed, person.id, figures_, plan_.opened_on, kJoiningDays);
    if (character.joined_on >= end()) return;
    write_truth_person(person, text(Silo::kTruthPersons, 0));
    ++rows_.rows[static_cast<std::size_t>(Silo::kTruthPersons)];
    Rng habits = lasting_chance(plan_.seed, person.id, Purpose::kHabits);
    const double web_share = habits.beta(0.6, 0.9);
    home_ = &catalogue_.pick_store(habits);
    web_sales_ = 0;
    store_sales_ = 0;
    if (habits.chance(kShareKnownToCrm)) enter_crm(person, character.joined_on);
    account_.reset();
    TextbookState state;
    for (Date day = character.joined_on; day < end() && state.active; ++day.days) {
      const auto purchases = step(plan_.seed, person.id, character, figures_, state, day);
      if (purchases.empty()) continue;
      Rng basket = daily_chance(plan_.seed, person.id, day, Purpose::kBasket);
      for (const TextbookPurchase& purchase : purchases) sell(person, day, purchase, web_share, basket);
    }
  }

  void enter_crm(const Person& person, Date day) {
    const WrittenPerson written =
        write_down(plan_.seed, person, day, kClerk, plan_.noise, static_cast<std::uint32_t>(RecordOf::kCrm));
    write_crm(person, written, day, text(Silo::kCrm, month_of(day)));
    ++rows_.rows[static_cast<std::size_t>(Silo::kCrm)];
  }

  void sell(const Person& person, Date day, const TextbookPurchase& purchase, double web_share, Rng& basket) {
    const bool web = basket.chance(web_share);
    Sale sale;
    sale.moment = purchase.moment;
    sale.store = web ? nullptr : basket.chance(0.8) ? home_ : &catalogue_.pick_store(basket);
    sale.names_nobody = basket.chance(plan_.anonymous) && !web;
    sale.number = person.id.number * kSalesMax + (web ? web_sales_++ : store_sales_++);
    sale.lines = draw_lines(catalogue_, std::max<std::int64_t>(1, std::llround(purchase.value_eur * 100)), basket);
    const Silo silo = web ? Silo::kShop : Silo::kTills;
    std::string& out = text(silo, month_of(day));
    if (web) {
      if (!account_) {
        account_ =
            write_down(plan_.seed, person, day, kWebForm, plan_.noise, static_cast<std::uint32_t>(RecordOf::kShop));
      }
      write_shop(person, *account_, sale, out);
    } else {
      write_tills(person, sale, out);
    }
    rows_.rows[static_cast<std::size_t>(silo)] += static_cast<std::int64_t>(sale.lines.size());
    write_truth_event(person, sale, text(Silo::kTruthEvents, 0));
    ++rows_.rows[static_cast<std::size_t>(Silo::kTruthEvents)];
    ++rows_.purchases;
  }

  static constexpr int kJoiningDays = 365;
  static constexpr std::uint64_t kSalesMax = 4'096;  // more than anybody makes in a silo

  const WorldPlan& plan_;
  const Catalogue& catalogue_;
  TextbookFigures figures_;
  BlockRows rows_;
  const Store* home_ = nullptr;
  std::uint64_t web_sales_ = 0;
  std::uint64_t store_sales_ = 0;
  std::optional<WrittenPerson> account_;  // as entered with the first web order
};

// The files, to which blocks are added in their order, whichever is ready first.
class Files {
 public:
  explicit Files(fs::path folder) : folder_(std::move(folder)) {}

  Status add(const BlockRows& block, WorldReport& report) {
    for (const auto& [key, text] : block.texts) {
      const bool fresh = begun_.insert(key).second;
      const fs::path path = folder_ / file_name(key);
      if (fresh) {
        std::error_code failure;
        fs::create_directories(path.parent_path(), failure);
        if (failure) return fail(ErrorCode::kIo, fmt::format("{} cannot be made", path.parent_path().string()));
      }
      std::ofstream out(path, std::ios::binary | (fresh ? std::ios::trunc : std::ios::app));
      if (fresh) out << form_of(key.silo).header;
      out << text;
      out.flush();
      if (!out) return fail(ErrorCode::kIo, fmt::format("{} cannot be written", path.string()));
      report.bytes += text.size();
    }
    for (std::size_t silo = 0; silo < kSilos; ++silo)
      report.rows[std::string(form_of(static_cast<Silo>(silo)).name)] += block.rows[silo];
    report.purchases += block.purchases;
    return {};
  }

 private:
  fs::path folder_;
  std::set<FileKey> begun_;
};

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

}  // namespace

Result<WorldReport> generate(const WorldPlan& plan, const fs::path& folder,
                             const std::function<void(std::uint64_t done)>& progress) {
  if (fs::exists(folder / "truth"))
    return fail(ErrorCode::kConflict, fmt::format("{} holds a world already", folder.string()), "Name another folder.");
  const Catalogue catalogue(plan.seed);
  const std::uint64_t cells = (plan.customers + kCellSize - 1) / kCellSize;
  const std::uint64_t blocks = (cells + kCellsPerBlock - 1) / kCellsPerBlock;
  BlockQueue queue(blocks, plan.threads);
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < plan.threads; ++thread) {
    threads.emplace_back([&] {
      BlockWriter writer(plan, catalogue);
      while (const std::optional<std::uint64_t> block = queue.take()) {
        const std::uint64_t first = *block * kCellsPerBlock;
        queue.give(*block, writer.write(first, std::min(cells, first + kCellsPerBlock)));
      }
    });
  }
  WorldReport report;
  Files files(folder);
  // A world in which nothing happened yet has its truth, too.
  HILO_TRY(files.add({.texts = {{{Silo::kTruthPersons, 0}, ""}, {{Silo::kTruthEvents, 0}, ""}}}, report));
  std::uint64_t done = 0;
  while (const std::optional<BlockRows> rows = queue.next_in_order()) {
    if (const Status added = files.add(*rows, report); !added) {
      queue.stop();
      return std::unexpected(added.error());
    }
    if (progress) progress(std::min(plan.customers, ++done * kCellsPerBlock * kCellSize));
  }
  return report;
}

}  // namespace hilo::world
