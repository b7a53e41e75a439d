#include "app/attribute_profile.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "app/text_table.h"

namespace hilo::app {
namespace {

constexpr int kBinsMax = 16;
constexpr std::int64_t kTopValues = 10;

std::int64_t whole(const std::optional<std::string>& cell) {
  std::int64_t number = 0;
  if (cell) static_cast<void>(std::from_chars(cell->data(), cell->data() + cell->size(), number));
  return number;
}

std::optional<double> real(const std::optional<std::string>& cell) {
  double number = 0;
  if (!cell) return std::nullopt;
  const auto [end, failure] = std::from_chars(cell->data(), cell->data() + cell->size(), number);
  if (failure != std::errc{}) return std::nullopt;
  return number;
}

// The smallest of 1, 2, 5, 10, 20, 50 ... that is not below a width.
double round_width(double width) {
  const double power = std::pow(10.0, std::floor(std::log10(width)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= width * (1 - 1e-9)) return step * power;
  }
  return 10 * power;
}

bool is_whole_type(const std::string& type) {
  return !type.starts_with("DECIMAL") && type != "DOUBLE" && type != "FLOAT";
}

class Profiler {
 public:
  Profiler(store::Connection& connection, const Attribute& attribute, std::string relation)
      : connection_(connection),
        attribute_(attribute),
        relation_(std::move(relation)),
        column_(store::quote_name(attribute.name)) {}

  Result<AttributeProfile> run(Histogram histogram) {
    profile_.kind = profile_kind(attribute_.type);
    switch (profile_.kind) {
      case ProfileKind::kNumber:
        HILO_TRY(numbers());
        if (histogram == Histogram::kDrawn) HILO_TRY(bins());
        break;
      case ProfileKind::kTime: HILO_TRY(range()); break;
      case ProfileKind::kValue: HILO_TRY(values()); break;
    }
    return std::move(profile_);
  }

 private:
  Result<TextRow> one_row(const std::string& figures) {
    HILO_ASSIGN(TextTable table, query_table(connection_, fmt::format("select count(*), count(*) - count(x){} from "
                                                                      "(select {} as x from {})",
                                                                      figures, column_, relation_)));
    profile_.customers = whole(table.rows.front()[0]);
    profile_.missing = whole(table.rows.front()[1]);
    return std::move(table.rows.front());
  }

  Status numbers() {
    HILO_ASSIGN(const TextRow row,
                one_row(", min(x)::varchar, max(x)::varchar, quantile_cont(x::double, 0.25), quantile_cont(x::double, "
                        "0.5), quantile_cont(x::double, 0.75), avg(x::double order by x), count(*) filter (x = 0), "
                        "quantile_cont(x::double, 0.95) filter (isfinite(x::double)), "
                        "min(x::double) filter (isfinite(x::double))"));
    profile_.min = row[2];
    profile_.max = row[3];
    profile_.lower_quartile = real(row[4]);
    profile_.median = real(row[5]);
    profile_.upper_quartile = real(row[6]);
    profile_.mean = real(row[7]);
    profile_.zeros = whole(row[8]);
    high_ = real(row[9]);
    low_ = real(row[10]);
    return {};
  }

  Status range() {
    HILO_ASSIGN(const TextRow row, one_row(", min(x)::varchar, max(x)::varchar"));
    profile_.min = row[2];
    profile_.max = row[3];
    return {};
  }

  Status values() {
    HILO_ASSIGN(const TextRow row, one_row(", count(distinct x)"));
    profile_.distinct = whole(row[2]);
    HILO_ASSIGN(const TextTable table,
                query_table(connection_,
                            fmt::format("select {0}::varchar as value, count(*) as customers from {1} where {0} is not "
                                        "null group by 1 order by 2 desc, 1 limit {2}",
                                        column_, relation_, kTopValues)));
    for (const TextRow& value : table.rows) profile_.top.push_back({value[0].value_or(""), whole(value[1])});
    return {};
  }

  // Bins of one round width from the smallest value to where 95 in 100 lie: few customers lie far beyond.
  Status bins() {
    if (!low_ || !high_) return {};
    const double span = *high_ - *low_;
    double width = span > 0 ? round_width(span / (kBinsMax - 1)) : 1;
    if (is_whole_type(attribute_.type)) width = std::max(1.0, width);
    if (!std::isfinite(width) || width <= 0) return {};
    const double start = std::floor(*low_ / width) * width;
    const auto count = static_cast<std::int64_t>(std::floor((*high_ - start) / width)) + 1;
    HILO_ASSIGN(
        const TextTable table,
        query_table(connection_,
                    fmt::format("select least(floor((x - {1}) / {2}), {3})::bigint as bin, count(*) as customers "
                                "from (select {0}::double as x from {4}) where isfinite(x) group by bin order by "
                                "bin",
                                column_, start, width, count, relation_)));
    for (std::int64_t bin = 0; bin <= count; ++bin) {
      const double from = start + static_cast<double>(bin) * width;
      profile_.histogram.push_back({from, bin < count ? std::optional(from + width) : std::nullopt, 0});
    }
    for (const TextRow& row : table.rows) {
      const std::int64_t bin = std::clamp<std::int64_t>(whole(row[0]), 0, count);
      profile_.histogram[static_cast<std::size_t>(bin)].customers = whole(row[1]);
    }
    if (profile_.histogram.back().customers == 0) profile_.histogram.pop_back();
    return {};
  }

  store::Connection& connection_;
  const Attribute& attribute_;
  std::string relation_;
  std::string column_;
  AttributeProfile profile_;
  std::optional<double> low_;
  std::optional<double> high_;
};

// The last day of the month that lies `months` before that of `day`.
Date month_end(Date day, int months) {
  const CivilDate at = civil(day);
  const int next = at.year * 12 + at.month - months;  // the month after, counted from year 0
  const Result<Date> first = make_date(next / 12, next % 12 + 1, 1);
  HILO_CHECK(first.has_value());
  return {first->days - 1};
}

}  // namespace

ProfileKind profile_kind(const std::string& type) {
  if (is_number(type)) return ProfileKind::kNumber;
  const bool time = type == "DATE" || type == "TIME" || (type.starts_with("TIMESTAMP") && !type.ends_with("]"));
  return time ? ProfileKind::kTime : ProfileKind::kValue;
}

Result<AttributeProfile> profile_on(AttributeDesk& desk, const Attribute& attribute, Date day, Histogram histogram) {
  HILO_ASSIGN(Reader * reader, desk.published());
  HILO_ASSIGN(std::string relation, desk.flat_table(day, {attribute.name}));
  HILO_ASSIGN(AttributeProfile profile, Profiler(reader->connection(), attribute, std::move(relation)).run(histogram));
  profile.day = day;
  return profile;
}

Result<std::vector<Date>> profile_days(Reader& reader, Date last, int months) {
  HILO_ASSIGN(const std::int64_t first,
              reader.connection().query_integer(
                  "select coalesce(min(exists_from)::date, (select day from meta)) from customer_spans"));
  const bool ends_month = month_end(last, 0) == last;
  std::vector<Date> days;
  for (int back = months - (ends_month ? 1 : 0); back > (ends_month ? -1 : 0); --back) {
    const Date day = month_end(last, back);
    if (day.days >= first) days.push_back(day);
  }
  if (days.empty() || days.back() != last) days.push_back(last);
  return days;
}

Result<std::vector<AttributeProfile>> profile_through(
    AttributeDesk& desk, const Attribute& attribute, const std::vector<Date>& days,
    const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
  std::vector<AttributeProfile> profiles;
  const auto total = static_cast<std::int64_t>(days.size());
  for (const Date day : days) {
    progress(static_cast<std::int64_t>(profiles.size()), total);
    HILO_ASSIGN(AttributeProfile profile, profile_on(desk, attribute, day, Histogram::kNone));
    profiles.push_back(std::move(profile));
  }
  progress(total, total);
  return profiles;
}

}  // namespace hilo::app
