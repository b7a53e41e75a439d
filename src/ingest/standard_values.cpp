#include "ingest/standard_values.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "ingest/standardise/address.h"
#include "ingest/standardise/birth_date.h"
#include "ingest/standardise/email.h"
#include "ingest/standardise/gender.h"
#include "ingest/standardise/identifier.h"
#include "ingest/standardise/person_name.h"
#include "ingest/standardise/phone.h"

namespace hilo::ingest {
namespace {

constexpr std::size_t kBlock = 1 << 16;

struct Job {
  std::string raw;
  std::string context;
};

struct Outcome {
  Standing standing = Standing::kEmpty;
  std::string value;
  std::string match_key;
  std::string given;
  std::string family;
  std::string reason;
};

std::string_view standing_name(Standing standing) {
  switch (standing) {
    case Standing::kStandard: return "standard";
    case Standing::kEmpty: return "empty";
    case Standing::kPlaceholder: return "placeholder";
    case Standing::kInvalid: return "invalid";
  }
  return "empty";
}

Outcome from_standard(Standard standard) {
  return {.standing = standard.standing,
          .value = standard.value,
          .match_key = std::move(standard.value),
          .given = {},
          .family = {},
          .reason = std::string(standard.reason)};
}

Outcome from_name(const Job& job) {
  PersonName name = standardise_name(job.raw);
  Outcome outcome{.standing = name.standing,
                  .value = std::move(name.display),
                  .match_key = std::move(name.match_key),
                  .given = {},
                  .family = {},
                  .reason = std::string(name.reason)};
  return outcome;
}

Outcome from_full_name(const Job& job) {
  Outcome outcome = from_name(job);
  const FullName parts = split_full_name(job.raw);
  if (parts.standing == Standing::kStandard) {
    outcome.given = parts.given;
    outcome.family = parts.family;
  }
  return outcome;
}

// The order of day and month in a country: month first in the United States and what follows them.
DateOrder date_order(std::string_view region) {
  return region == "US" || region == "PH" || region == "FM" ? DateOrder::kMonthFirst : DateOrder::kDayFirst;
}

Outcome standardise(std::string_view column, const Job& job, Date latest) {
  if (column == "country") return from_standard(standardise_country(job.raw));
  if (column == "email") return from_standard(standardise_email(job.raw));
  if (column == "phone") return from_standard(standardise_phone(job.raw, job.context));
  if (column == "loyalty_id" || column == "device_id") return from_standard(standardise_identifier(job.raw));
  if (column == "full_name") return from_full_name(job);
  if (column == "given_name" || column == "family_name") return from_name(job);
  if (column == "address") return from_standard(standardise_address(job.raw));
  if (column == "city") return from_standard(standardise_city(job.raw));
  if (column == "postcode") return from_standard(standardise_postcode(job.raw, job.context));
  if (column == "birth_date") return from_standard(standardise_birth_date(job.raw, date_order(job.context), latest));
  if (column == "gender") return from_standard(standardise_gender(job.raw));
  HILO_CHECK(false);
  return {};
}

std::vector<Outcome> standardise_block(std::string_view column, const std::vector<Job>& jobs, Date latest,
                                       int threads) {
  std::vector<Outcome> outcomes(jobs.size());
  const auto worker = [&](std::size_t from, std::size_t until) {
    for (std::size_t at = from; at < until; ++at) outcomes[at] = standardise(column, jobs[at], latest);
  };
  const std::size_t share = jobs.size() / static_cast<std::size_t>(threads) + 1;
  std::vector<std::jthread> workers;
  for (std::size_t from = share; from < jobs.size(); from += share) {
    workers.emplace_back(worker, from, std::min(from + share, jobs.size()));
  }
  worker(0, std::min(share, jobs.size()));
  workers.clear();
  return outcomes;
}

Status write_block(store::TableWriter& writer, std::string_view column, const std::vector<Job>& jobs,
                   const std::vector<Outcome>& outcomes) {
  const auto put = [&](std::size_t at, const std::string& text) {
    text.empty() ? writer.null(at) : writer.text(at, text);
  };
  for (std::size_t at = 0; at < jobs.size(); ++at) {
    const Outcome& outcome = outcomes[at];
    writer.text(0, column);
    writer.text(1, jobs[at].raw);
    writer.text(2, jobs[at].context);
    put(3, outcome.value);
    put(4, outcome.match_key);
    put(5, outcome.given);
    put(6, outcome.family);
    writer.text(7, standing_name(outcome.standing));
    put(8, outcome.reason);
    HILO_TRY(writer.end_row());
  }
  return {};
}

}  // namespace

const std::vector<StandardisedColumn>& standardised_columns() {
  static const std::vector<StandardisedColumn> kColumns = {
      {"country", false},   {"email", false},      {"phone", true},        {"loyalty_id", false}, {"device_id", false},
      {"full_name", false}, {"given_name", false}, {"family_name", false}, {"address", false},    {"city", false},
      {"postcode", true},   {"birth_date", true},  {"gender", false}};
  return kColumns;
}

Status standardise_column(store::Connection& connection, const StandardisedColumn& column, Date latest, int threads,
                          PassContext& progress) {
  // The distinct values first, complete: a result must not be read from a connection that writes at the same time.
  std::vector<Job> jobs;
  HILO_ASSIGN(store::Rows rows,
              connection.query(fmt::format("select distinct {0}, {1} from raw_versions where {0} is not null",
                                           store::quote_name(column.name), column.by_region ? "region" : "''")));
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    jobs.push_back({std::string(chunk.text(0, row)), std::string(chunk.text(1, row))});
  }));
  HILO_ASSIGN(store::TableWriter writer, store::TableWriter::open(connection, "", "standard"));
  for (std::size_t from = 0; from < jobs.size(); from += kBlock) {
    const std::vector<Job> block(
        std::make_move_iterator(jobs.begin() + static_cast<std::ptrdiff_t>(from)),
        std::make_move_iterator(jobs.begin() + static_cast<std::ptrdiff_t>(std::min(from + kBlock, jobs.size()))));
    HILO_TRY(write_block(writer, column.name, block, standardise_block(column.name, block, latest, threads)));
    progress.rows += static_cast<std::int64_t>(block.size());
    progress.advance(progress.rows, 0);
  }
  return writer.close();
}

}  // namespace hilo::ingest
