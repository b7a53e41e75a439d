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

}  // namespace hilo::world
