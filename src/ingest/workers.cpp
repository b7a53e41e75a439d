#include "ingest/workers.h"

#include <string>

namespace hilo::ingest {

Result<std::unique_ptr<Workers>> Workers::open(store::Database& database, const Scratch& scratch, std::size_t count) {
  std::unique_ptr<Workers> workers(new Workers());
  while (workers->sessions_.size() < count) {
    Result<Scratch> session = scratch.beside(database, std::to_string(workers->sessions_.size()));
    if (!session && workers->sessions_.empty()) return std::unexpected(session.error());
    if (!session) break;  // fewer do as well
    workers->sessions_.push_back(std::move(*session));
  }
  HILO_TRY(workers->sessions_.front().connection.execute("set threads = 1"));
  for (Scratch& session : workers->sessions_) {
    workers->threads_.emplace_back([&self = *workers, &session] { self.work(session); });
  }
  return workers;
}

Workers::~Workers() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  threads_.clear();
}

void Workers::add(std::function<void(Scratch&)> task) {
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(std::move(task));
    ++unfinished_;
  }
  changed_.notify_all();
}

void Workers::work(Scratch& scratch) {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (closing_) return;
    std::function<void(Scratch&)> task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    task(scratch);
    task = nullptr;
    lock.lock();
    --unfinished_;
    changed_.notify_all();
  }
}

void Workers::wait_until_at_most(std::size_t tasks) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return unfinished_ <= tasks; });
}

}  // namespace hilo::ingest
