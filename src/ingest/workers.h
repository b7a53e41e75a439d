// Threads that read files and judge rows beside each other, each with a session of its own.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ingest/accept.h"
#include "store/database.h"

namespace hilo::ingest {

/// Invariants: tasks begin in the order in which they were started, one at a time on each thread.
class Workers {
 public:
  /// Makes as many threads as the engine gives sessions for, at most `count`, and at least one. From now on the
  /// database runs every query on the thread that asks it: an engine that shares one query among threads lets those
  /// that find nothing to do spin.
  [[nodiscard]] static Result<std::unique_ptr<Workers>> open(store::Database& database, const Scratch& scratch,
                                                             std::size_t count);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  /// Waits for the tasks that have begun; the others never do.
  ~Workers();

  [[nodiscard]] std::size_t count() const { return threads_.size(); }

  /// Starts a task. What it refers to must outlive this object.
  template <class T>
  [[nodiscard]] std::future<T> start(std::function<T(Scratch&)> task) {
    auto packaged = std::make_shared<std::packaged_task<T(Scratch&)>>(std::move(task));
    std::future<T> done = packaged->get_future();
    add([packaged](Scratch& scratch) { (*packaged)(scratch); });
    return done;
  }

  /// Waits until no more than so many tasks are unfinished.
  void wait_until_at_most(std::size_t tasks);

 private:
  Workers() = default;
  void add(std::function<void(Scratch&)> task);
  void work(Scratch& scratch);

  std::mutex mutex_;  // over the four that follow
  std::condition_variable changed_;
  std::deque<std::function<void(Scratch&)>> waiting_;
  std::size_t unfinished_ = 0;  // those that wait and those that run
  bool closing_ = false;
  std::vector<Scratch> sessions_;
  std::vector<std::jthread> threads_;
};

}  // namespace hilo::ingest
