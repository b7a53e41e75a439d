#include "base/pass.h"

#include <chrono>

namespace hilo {

void SilentProgress::pass_started(const std::string& /*name*/) {}
void SilentProgress::pass_advanced(std::int64_t /*done*/, std::int64_t /*total*/) {}
void SilentProgress::pass_finished(const PassReport& /*report*/) {}

Status PassRunner::run(const std::string& name, const std::string& unit,
                       const std::function<Status(PassContext&)>& body) {
  listener_.pass_started(name);
  const auto start = std::chrono::steady_clock::now();
  PassContext context(listener_);
  HILO_TRY(body(context));
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  reports_.push_back({name, context.rows, unit, elapsed.count()});
  listener_.pass_finished(reports_.back());
  return {};
}

}  // namespace hilo
