#include "app/past_members.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "segment/membership.h"
#include "timeline/day_table.h"
#include "timeline/flat_table.h"

namespace hilo::app {
namespace {

// A segment may need the ones before it of the same day.
Status write_segments(store::Connection& connection, const expr::SegmentProgram& program,
                      const expr::SegmentsOfDay& of_day, const std::string& customers) {
  for (const std::string& name : of_day.names)
    HILO_TRY(connection.query(fmt::format("insert into {} select $day::date, segment, customer_id from ({})",
                                          segment::kPastMembers, segment::members_sql(program, {name}, customers)),
                              timeline::day_parameters(of_day.day)));
  return {};
}

}  // namespace

CustomersOfDay customers_in_making(store::Connection& connection, std::string table) {
  return [&connection, table = std::move(table), days = std::shared_ptr<timeline::DaysInMaking>()](
             Date day, const std::vector<std::string>& columns) mutable -> Result<std::string> {
    if (days == nullptr) {
      HILO_ASSIGN(timeline::DaysInMaking made, timeline::DaysInMaking::of(connection));
      days = std::make_shared<timeline::DaysInMaking>(std::move(made));
    }
    HILO_TRY(days->write(day, columns, table));
    return "temp." + table;
  };
}

Status write_past_members(store::Connection& connection, const expr::SegmentProgram& program,
                          const expr::SegmentsOfDay& asked, const CustomersOfDay& customers_on, const Limit& limit) {
  HILO_ASSIGN(const std::vector<expr::SegmentsOfDay> needed,
              expr::past_members_needed(program, asked.names, {asked.day}, connection));
  HILO_TRY(
      connection.execute(fmt::format("create or replace temp table {} (day date, segment varchar, customer_id "
                                     "bigint)",
                                     segment::kPastMembers)));
  for (const expr::SegmentsOfDay& of_day : needed) {
    HILO_ASSIGN(const std::string customers, customers_on(of_day.day, segment::columns_needed(program, of_day.names)));
    const TimeLimit watch(connection, limit);
    const Status written = write_segments(connection, program, of_day, customers);
    if (!written) return std::unexpected(watch.told(written.error()));
  }
  return {};
}

}  // namespace hilo::app
