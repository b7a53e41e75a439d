// Threads that take ranges of customers one after another and hand in what they make of them in the order of the
// ranges.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "timeline/fold/histories.h"

namespace hilo::timeline {

/// Ranges of the table that `histories` opened last, from one to before another.
struct RangeSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Reads ranges of the table that `histories` opened last, up to the end of a day, and makes something of each:
/// `fold(history)` in several threads at a time, then `hand_in(what it made)` one after another. The history stands
/// until that returns. The first error ends all.
template <class Fold, class HandIn>
[[nodiscard]] Status fold_ranges(Histories& histories, RangeSpan ranges, Date day, const Fold& fold,
                                 const HandIn& hand_in) {
  std::atomic<std::size_t> next = ranges.begin;
  std::mutex mutex;  // over what follows, and whatever `hand_in` writes to
  std::condition_variable turn_came;
  std::size_t turn = ranges.begin;
  std::optional<Error> failure;
  const auto work = [&](store::Connection& session) {
    while (true) {
      const std::size_t range = next++;
      if (range >= ranges.end) return;
      const auto history = histories.read(range, day, session);
      std::optional<decltype(fold(**history))> made;
      if (history) made = fold(**history);
      std::unique_lock lock(mutex);
      turn_came.wait(lock, [&] { return turn == range || failure; });
      if (failure) return;
      const Status done = history ? hand_in(std::move(*made)) : Status(std::unexpected(history.error()));
      if (!done) failure = done.error();
      ++turn;
      turn_came.notify_all();
      if (failure) return;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (store::Connection& session : histories.sessions()) threads.emplace_back([&] { work(session); });
  }
  return failure ? std::unexpected(*failure) : Status{};
}

}  // namespace hilo::timeline
