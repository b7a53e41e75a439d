#include "store/wall_clock.h"

#include <fmt/format.h>

#include "store/database.h"

namespace hilo::store {

std::string wall_time_sql(const std::string& utc, const std::string& time_zone) {
  return fmt::format("timezone({}, timezone('UTC', {}))", quote_text(time_zone), utc);
}

std::string first_instant_sql(const std::string& moment, const std::string& time_zone) {
  const std::string zone = quote_text(time_zone);
  const std::string last = fmt::format("timezone({}, {}::timestamp)", zone, moment);
  return fmt::format(
      "(case when timezone({0}, {1} - interval 1 hour) = {2}::timestamp then {1} - interval 1 hour else {1} end)", zone,
      last, moment);
}

}  // namespace hilo::store
