#include "app/customer.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "ingest/standardise/email.h"
#include "ingest/standardise/identifier.h"
#include "ingest/standardise/phone.h"
#include "timeline/flat_table.h"

namespace hilo::app {
namespace {

using store::Parameters;

// A customer that answers to the question, and how to ask for it alone.
struct Candidate {
  std::int64_t customer_id;
  std::string how;
};

class Search {
 public:
  Search(Reader& reader, const std::string& who) : reader_(reader), who_(who) {}

  Result<std::int64_t> run() {
    const std::size_t colon = who_.find(':');
    if (colon != std::string::npos) {
      HILO_TRY(by_prefix(who_.substr(0, colon), who_.substr(colon + 1)));
    } else {
      HILO_TRY(by_any());
    }
    std::set<std::int64_t> distinct;
    for (const Candidate& candidate : candidates_) distinct.insert(candidate.customer_id);
    if (distinct.size() == 1) return *distinct.begin();
    if (distinct.empty()) {
      return fail(ErrorCode::kNotFound, "no customer answers to that",
                  "Give a customer id, an e-mail, a phone, or a source's id as SOURCE:ID.");
    }
    std::string advice = "Write one of:";
    for (const Candidate& candidate : candidates_)
      advice += fmt::format("\n    {}  (customer {})", candidate.how, candidate.customer_id);
    return fail(ErrorCode::kAmbiguous, fmt::format("{} customers answer to that", distinct.size()), advice);
  }

 private:
  Status by_prefix(const std::string& prefix, const std::string& rest) {
    if (prefix == "customer") return by_customer_id(rest);
    if (prefix == "email") return by_identifier("email", ingest::standardise_email(rest));
    if (prefix == "phone") return by_identifier("phone", ingest::standardise_phone(rest, reader_.region()));
    if (prefix == "loyalty") return by_identifier("loyalty_id", ingest::standardise_identifier(rest));
    return by_source_id(rest, prefix);
  }

  Status by_any() {
    HILO_TRY(by_customer_id(who_));
    HILO_TRY(by_identifier("email", ingest::standardise_email(who_)));
    HILO_TRY(by_identifier("phone", ingest::standardise_phone(who_, reader_.region())));
    HILO_TRY(by_identifier("loyalty_id", ingest::standardise_identifier(who_)));
    return by_source_id(who_, "");
  }

  Status by_customer_id(const std::string& text) {
    std::int64_t id = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (failure != std::errc{} || end != text.data() + text.size()) return {};
    return collect(
        "select distinct customer_id, 'customer:' || customer_id from identity where record_id = $id and (customer_id "
        "= $id or "
        "exists (select 1 from redirects where from_id = $id and change = 'merge')) and customer_id is not null",
        {{"id", id}});
  }

  Status by_identifier(const std::string& kind, const ingest::Standard& standard) {
    if (standard.standing != ingest::Standing::kStandard) return {};
    return collect(
        "select distinct i.customer_id, 'customer:' || i.customer_id from contact.identifiers c join identity i using "
        "(record_id) "
        "where c.kind = $kind and c.value = $value and i.customer_id is not null",
        {{"kind", kind}, {"value", standard.value}});
  }

  Status by_source_id(const std::string& id, const std::string& source) {
    return collect(
        "select distinct customer_id, source || ':' || source_id from identity where source_id = $id and ($source = '' "
        "or source = $source) "
        "and customer_id is not null order by all",
        {{"id", id}, {"source", source}});
  }

  Status collect(const std::string& sql, const Parameters& parameters) {
    HILO_ASSIGN(store::Rows rows, reader_.connection().query(sql, parameters));
    return rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
      candidates_.push_back({chunk.integer(0, row), std::string(chunk.text(1, row))});
    });
  }

  Reader& reader_;
  const std::string& who_;
  std::vector<Candidate> candidates_;
};

Result<std::vector<NamedText>> single_row(Reader& reader, const std::string& query, std::int64_t customer_id,
                                          const Parameters& parameters) {
  Parameters all = parameters;
  all.push_back({"customer_id", customer_id});
  HILO_ASSIGN(
      const TextTable table,
      query_table(reader.connection(), fmt::format("select * from ({}) where customer_id = $customer_id", query), all));
  std::vector<NamedText> values;
  if (table.rows.empty()) return values;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    values.push_back({table.columns[column].name, table.columns[column].type, table.rows.front()[column]});
  }
  return values;
}

// The golden row's columns come first; the attributes follow where the flat table of no attributes ends.
Result<std::size_t> golden_width(Reader& reader) {
  HILO_ASSIGN(const std::int64_t width, reader.connection().query_integer("select golden_columns from meta"));
  return static_cast<std::size_t>(width);
}

}  // namespace

Result<std::int64_t> find_customer(Reader& reader, const std::string& who) { return Search(reader, who).run(); }

Result<CustomerView> show_customer(Reader& reader, std::int64_t customer_id, Date day) {
  CustomerView view;
  view.customer_id = customer_id;
  view.day = day;
  view.currency = reader.currency();
  const Parameters at_day = timeline::day_parameters(day);
  const bool today = day == reader.default_day();
  HILO_ASSIGN(const std::string flat, reader.program("customers"));
  HILO_ASSIGN(const std::string contact, reader.program("contact"));
  HILO_ASSIGN(std::vector<NamedText> row,
              single_row(reader, today ? "select * from customers" : flat, customer_id, today ? Parameters{} : at_day));
  if (row.empty()) {
    HILO_ASSIGN(const auto since, reader.connection().query_text(
                                      "select exists_from::date::varchar from customer_spans where customer_id = $id",
                                      {{"id", customer_id}}));
    return fail(ErrorCode::kNotFound, fmt::format("customer {} does not exist yet on {}", customer_id, to_string(day)),
                since ? fmt::format("Known since {}.", *since) : "");
  }
  HILO_ASSIGN(const std::size_t width, golden_width(reader));
  view.golden.assign(row.begin() + 1, row.begin() + static_cast<std::ptrdiff_t>(width));
  view.attributes.assign(row.begin() + static_cast<std::ptrdiff_t>(width), row.end());
  HILO_ASSIGN(view.contact, single_row(reader, today ? "select * from contact.customers" : contact, customer_id,
                                       today ? Parameters{} : at_day));
  if (!view.contact.empty()) view.contact.erase(view.contact.begin());
  const Parameters bound = {{"id", customer_id}, {"as_of", at_day.back().value}};
  HILO_ASSIGN(view.identifiers, query_table(reader.connection(),
                                            "select i.source, i.source_id, c.kind, c.value, i.reason from identity i "
                                            "left join contact.identifiers c using (record_id) "
                                            "where i.customer_id = $id order by i.record_id, c.kind, c.value",
                                            {{"id", customer_id}}));
  constexpr std::int64_t kEventsShown = 10;
  HILO_ASSIGN(view.events,
              query_table(reader.connection(),
                          fmt::format("select strftime(time, '%Y-%m-%d %H:%M') as time, type, channel, source, "
                                      "coalesce(order_id, event_id, sku, campaign_id) as reference, "
                                      "items, amount::decimal(18,2) as amount from events where customer_id = $id and "
                                      "time < $as_of::timestamp order by time_utc desc, seq desc limit {}",
                                      kEventsShown),
                          bound));
  HILO_ASSIGN(view.events_in_all,
              reader.connection().query_integer(
                  "select count(*) from events where customer_id = $id and time < $as_of::timestamp", bound));
  return view;
}

}  // namespace hilo::app
