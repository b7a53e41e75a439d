#include "world/silos/write_day.h"

#include "world/silos/day.h"

namespace hilo::world {

void write_day(const Pen& pen, const Person& person, const Presence& presence, Date day, const DayEvents& events,
               Rows& rows) {
  if (events.empty()) return;
  const Day told{.pen = pen, .person = person, .presence = presence, .date = day, .events = events, .rows = rows};
  write_persons(told);
  write_shop(told);
  write_tills(told);
  write_messages(told);
  write_decisions(told);
  write_behaviour(told);
  write_service(told);
  write_finance(told);
}

void write_tablet(const Pen& pen, const Person& person, Date day, Rows& rows) {
  constexpr std::uint32_t kTablet = 9;
  const Presence nowhere;
  const DayEvents nothing;
  const Day told{.pen = pen, .person = person, .presence = nowhere, .date = day, .events = nothing, .rows = rows};
  told.own_record("web", told.device_id(kTablet), day);
}

}  // namespace hilo::world
