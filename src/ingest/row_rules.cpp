#include "ingest/row_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <unicode/ucurr.h>
#include <unicode/unistr.h>

#include "base/text.h"
#include "ingest/erasure.h"
#include "model/column.h"

namespace hilo::ingest {
namespace {

using store::quote_name;
using store::quote_text;

// Names that the log and the tables made of it keep for themselves.
constexpr auto kReserved = std::to_array<std::string_view>({"row",
                                                            "run",
                                                            "source",
                                                            "delivery",
                                                            "record",
                                                            "line",
                                                            "record_key",
                                                            "content_key",
                                                            "known_at_assumed",
                                                            "time_utc",
                                                            "seq",
                                                            "items",
                                                            "original_currency",
                                                            "rate_on",
                                                            "customer_id",
                                                            "visitor_id",
                                                            "record_id",
                                                            "valid_from",
                                                            "original_amount",
                                                            "fault"});

// The value of a fault that tells of something missing; typed, as a source may have no fault of another kind.
constexpr const char* kNoValue = "null::varchar";

// What several rules read of a row is computed once.
constexpr const char* kWho = "_who";
constexpr const char* kStandardType = "_standard_type";

// ISO 4217 numbers of the codes for "no currency" and for tests.
constexpr std::int32_t kNoCurrency = 999;
constexpr std::int32_t kTestCurrency = 963;

// The typed columns that a dimension needs beyond the canonical ones.
const std::map<std::string, std::string, std::less<>>& dimension_types() {
  static const std::map<std::string, std::string, std::less<>> kTypes = {{"day", "DATE"}, {"rate", "DECIMAL(18,8)"}};
  return kTypes;
}

std::string extra_type(const std::string& type) {
  if (type.ends_with("INT") || type == "INTEGER") return type.ends_with("HUGEINT") ? "VARCHAR" : "BIGINT";
  if (type == "FLOAT" || type == "DOUBLE") return "DOUBLE";
  if (type.starts_with("TIMESTAMP") && type != "TIMESTAMP WITH TIME ZONE") return "TIMESTAMP";
  if (type.starts_with("DECIMAL") && !type.ends_with("]")) return type;
  if (type == "BOOLEAN" || type == "DATE") return type;
  return "VARCHAR";
}

bool is_naive_time(const std::string& type) {
  return type == "DATE" || (type.starts_with("TIMESTAMP") && type != "TIMESTAMP WITH TIME ZONE");
}

// Collects the SQL of one row: conversions first, then the rules in order; the first that is broken is the fault.
class RuleWriter {
 public:
  RuleWriter(const SourceDefinition& definition, const DeliveryFacts& delivery, const Settings& settings,
             const store::Erasure& erased)
      : definition_(definition),
        delivery_(delivery),
        erased_(erased),
        zone_(settings.time_zone),
        source_zone_(definition.source.time_zone.empty() ? settings.time_zone : definition.source.time_zone) {}

  Status add_output(const store::Column& output) {
    const std::string name = lower_ascii(output.name);
    if (std::ranges::find(kReserved, name) != kReserved.end() || name.starts_with("_")) {
      return std::unexpected(Error{.code = ErrorCode::kInvalidDefinition,
                                   .message = fmt::format("'{}' is a name that Hilo keeps for itself", output.name),
                                   .advice = "Give the column another name.",
                                   .position = {definition_.path, 1, 1}});
    }
    given_.push_back(name);
    const CanonicalColumn* canonical = find_canonical(name);
    const bool dimension = is_dimension(definition_.source.kind);
    if (canonical != nullptr && canonical->type == "TIMESTAMP") {
      add_time(output, name);
    } else if (canonical != nullptr) {
      add_typed(output, name, std::string(canonical->type), canonical->contact);
      if (is_consent(name)) extras_.push_back({name, "BOOLEAN"});
    } else if (const auto typed = dimension_types().find(name); dimension && typed != dimension_types().end()) {
      add_typed(output, name, typed->second, false);
      extras_.push_back({name, typed->second});
    } else {
      const std::string type = extra_type(output.type);
      converted_ += fmt::format("{}::{} as {}, ", quote_name(output.name), type, quote_name(name));
      extras_.push_back({name, type});
    }
    return {};
  }

  RowRules finish() {
    add_rules();
    put_erased_first();
    std::ranges::sort(extras_, {}, &store::Column::name);
    RowRules rules;
    std::string log =
        "row, delivery, record, line, record_key, content_key, known_at, known_at_assumed, time_utc, updated_at_utc";
    std::string select = fmt::format(
        "{} + _record as row, {} as delivery, _record as record, _line as line, {} as record_key, "
        "{} as content_key, {}, ",
        kRowsBeforeColumn, kDeliveryColumn, kWho, content_key(), clocks());
    // A column that the query does not give has no place in the file: most sources give few.
    for (const CanonicalColumn& column : canonical_columns()) {
      if (column.name == "known_at") continue;
      const std::string quoted = quote_name(column.name);
      if (!given(column.name)) continue;
      rules.columns.emplace_back(column.name);
      select += fmt::format("{}, ", final_form(column.name));
      log += ", " + quoted;
    }
    for (const store::Column& extra : extras_) {
      select += quote_name(extra.name) + ", ";
      log += ", " + quote_name(extra.name);
    }
    constexpr std::string_view kNoFault =
        "when false then {'column_name': '', 'value': '', 'sensitive': false, 'reason': ''}";
    rules.known = fmt::format("*, {} as {}{}", record_key(), kWho, known_);
    if (given("type")) rules.known += fmt::format(", standard_type_of_lower(lower(\"type\")) as {}", kStandardType);
    rules.converted = fmt::format("{}_record, _line, {}, {}", converted_, kDeliveryColumn, kRowsBeforeColumn);
    rules.judged = fmt::format("{}case {} end as fault", select, faults_.empty() ? kNoFault : faults_);
    rules.logged = log;
    rules.extras = extras_;
    return rules;
  }

 private:
  [[nodiscard]] bool given(std::string_view name) const { return std::ranges::find(given_, name) != given_.end(); }

  // A fault where the condition holds; `value` is a SQL expression of VARCHAR.
  void add_fault(const std::string& condition, std::string_view column, const std::string& value, bool sensitive,
                 std::string_view reason) {
    const std::string contact = sensitive ? "true" : fmt::format("coalesce(looks_like_contact({}), false)", value);
    // A source whose every fault has no value would otherwise have values of no type.
    faults_ += fmt::format("when {} then {{'column_name': {}, 'value': ({})::varchar, 'sensitive': {}, 'reason': {}}} ",
                           condition, column.empty() ? "null" : quote_text(column), value, contact, quote_text(reason));
  }

  void add_typed(const store::Column& output, const std::string& name, const std::string& type, bool contact) {
    const std::string quoted = quote_name(output.name);
    const std::string target = quote_name(name);
    if (output.type == type || type == "VARCHAR") {
      converted_ += type == "VARCHAR" ? fmt::format("meant_text({}::varchar) as {}, ", quoted, target)
                                      : fmt::format("{} as {}, ", quoted, target);
      return;
    }
    const std::string raw = quote_name("raw " + name);
    const std::string cast = fmt::format("try_cast({} as {})", quoted, type);
    converted_ += fmt::format("{} as {}, {} as {}, ", cast, target, quoted, raw);
    const std::string value = fmt::format("meant_text({}::varchar)", raw);
    const std::string_view what = type == "BOOLEAN"  ? "is neither true nor false"
                                  : type == "DATE"   ? "is not a day (YYYY-MM-DD)"
                                  : type == "BIGINT" ? "is not a whole number"
                                                     : "is not a number, or too large a one; where decimals are marked "
                                                       "by a comma, read_csv takes decimal_separator = ','";
    add_fault(fmt::format("{} is null and {} is not null", target, value), name, value, contact, what);
  }

  // A wall time of the source as an instant; the engine is asked where the table of the zone does not reach.
  [[nodiscard]] std::string utc_of(const std::string& naive) const {
    if (source_zone_ == "UTC") return naive;
    return fmt::format("coalesce(zone_utc({0}, {1}), timezone({0}, {1})::timestamp)", quote_text(source_zone_), naive);
  }

  [[nodiscard]] std::string wall_of(const std::string& utc) const {
    if (zone_ == "UTC") return utc;
    return fmt::format("coalesce(zone_wall({0}, {1}), timezone({0}, timezone('UTC', {1})))", quote_text(zone_), utc);
  }

  // A time becomes two columns: an instant in UTC, and wall time in the workspace's zone.
  void add_time(const store::Column& output, const std::string& name) {
    const std::string quoted = quote_name(output.name);
    const std::string raw = quote_name("raw " + name);
    const std::string utc_name = quote_name(name + "_utc");
    std::string utc = utc_of(fmt::format("try_cast({} as timestamp)", quoted));
    if (output.type == "TIMESTAMP WITH TIME ZONE") utc = quoted + "::timestamp";
    if (output.type == "VARCHAR") {
      // Micros there and back, as the engine's own cast takes the way through a calendar.
      utc = fmt::format(
          "case when has_offset({0}) then make_timestamp(epoch_us(try_cast({0} as timestamptz))) else {1} end", quoted,
          utc);
    }
    // Wall time that is the workspace's already must not take the way through UTC: a repeated hour would move.
    const std::string naive = fmt::format("try_cast({} as timestamp)", raw);
    std::string wall = wall_of(utc_name);
    if (source_zone_ == zone_ && is_naive_time(output.type)) wall = naive;
    if (source_zone_ == zone_ && output.type == "VARCHAR")
      wall = fmt::format("case when has_offset({}) then {} else {} end", raw, wall, naive);
    converted_ += fmt::format("{} as {}, {} as {}, ", utc, utc_name, quoted, raw);
    known_ += fmt::format(", {} as {}", wall, quote_name(name));
    const std::string value = raw + "::varchar";
    add_fault(fmt::format("{} is null and {} is not null", utc_name, raw), name, value, false,
              "is not a time: YYYY-MM-DD HH:MM:SS is read as it is; for other forms use strptime(...) in the query");
    add_fault(fmt::format("{} < '{}' or {} > '{}'", utc_name, kEarliestEvent, utc_name, latest_instant()), name, value,
              false, fmt::format("lies before {} or more than a day after its delivery", kEarliestEvent));
  }

  [[nodiscard]] std::string latest_instant() const {
    constexpr std::int64_t kDay = 86'400'000'000;
    std::string text = to_string(Instant{delivery_.delivered_at.micros + kDay});
    text.pop_back();
    return text;
  }

  void add_rules() {
    if (is_dimension(definition_.source.kind)) {
      for (const std::string_view key : dimension_table(definition_.source.kind).keys) {
        add_fault(fmt::format("{} is null", quote_name(key)), key, kNoValue, false,
                  "is missing: it is the key of its table");
      }
      if (definition_.source.kind == SourceKind::kFxRate) {
        add_fault("rate is null or rate <= 0", "rate", "rate::varchar", false, "is not a rate above 0");
        add_currency_fault();
      }
      return;
    }
    const bool event = given("type");
    if (event) {
      add_fault("\"type\" is null and \"time\" is not null", "type", kNoValue, false,
                "is missing: an event needs a time and a type");
      add_fault("\"type\" is not null and \"time\" is null", "time", kNoValue, false,
                "is missing: an event needs a time and a type");
      if (definition_.source.kind == SourceKind::kFinance) {
        add_fault(fmt::format("{} in ('order', 'return')", kStandardType), "type", "\"type\"", false,
                  "cannot come from finance: another word for the same sale is an invoice or a refund");
      }
      if (definition_.source.delivery == DeliveryMode::kLines) {
        add_fault(
            fmt::format("{} in ('order', 'return', 'invoice', 'refund') and order_id is not null and line_no is null",
                        kStandardType),
            "line_no", kNoValue, false, "is missing: delivery: lines needs it");
      }
    }
    if (given("currency")) add_currency_fault();
    add_fault(fmt::format("{}{} is null", event ? "\"type\" is null and " : "", kWho), "", kNoValue, false,
              "says neither who nor what happened");
  }

  void add_currency_fault() {
    add_fault("not is_currency(currency)", "currency", "currency", false, "is not a currency (ISO 4217)");
  }

  // What an erasure took out stays out. Any other fault of such a row would keep something of it.
  void put_erased_first() {
    if (is_dimension(definition_.source.kind)) return;
    const std::string own_space = quote_text(definition_.source.order_space);
    std::string space = given("order_space") ? fmt::format("coalesce(order_space, {})", own_space) : own_space;
    if (!given("order_id")) space.clear();
    const std::string condition = erased_condition(erased_, definition_.source.name, kWho, space);
    if (condition.empty()) return;
    const std::string others = std::exchange(faults_, "");
    add_fault(condition, "", kNoValue, false, kErasedReason);
    faults_ += others;
  }

  // The form in which a canonical column is logged, once converted.
  static std::string final_form(std::string_view name) {
    if (name == "type") return fmt::format("{} as \"type\"", kStandardType);
    if (name == "channel") return "meant_text(lower(channel)) as channel";
    if (name == "currency") return "upper(currency) as currency";
    return quote_name(name);
  }

  // Who the row is about within its source: its own id, else all that it says of the person, else nobody.
  [[nodiscard]] std::string record_key() const {
    if (is_dimension(definition_.source.kind)) return "null::varchar";
    std::string identifiers = "null";
    std::string content;
    for (const CanonicalColumn& column : canonical_columns()) {
      if (!given(column.name) || column.name == "source_id") continue;
      if (column.role == ColumnRole::kIdentifier) identifiers += fmt::format(", meant_id({})", quote_name(column.name));
      if (column.role == ColumnRole::kIdentifier || column.name.ends_with("_name") || column.name == "birth_date") {
        content += fmt::format("coalesce({}::varchar, ''), chr(31), ", quote_name(column.name));
      }
    }
    // A person's row counts with a name alone; an event needs an identifier to be somebody's.
    if (!given("type")) {
      for (const char* name : {"full_name", "given_name", "family_name"}) {
        if (given(name)) identifiers += fmt::format(", {}", quote_name(name));
      }
    }
    std::string by_content =
        fmt::format("case when coalesce({}) is not null then chr(31) || md5(concat({}'')) end", identifiers, content);
    if (!given("source_id")) return by_content;
    return fmt::format("coalesce(meant_own_id(source_id), {})", by_content);
  }

  // Tells rows of one content from others, so that what was delivered twice counts once.
  [[nodiscard]] std::string content_key() const {
    std::string list;
    for (const std::string& name : given_) {
      if (name != "known_at" && name != "updated_at") list += (list.empty() ? "" : ", ") + quote_name(name);
    }
    return list.empty() ? "0::ubigint" : fmt::format("hash({})", list);
  }

  // known_at as given; else, in a source's first run, the row's own time by assumption; else the delivery's instant.
  [[nodiscard]] std::string clocks() const {
    std::string delivered = to_string(delivery_.delivered_at);
    delivered.pop_back();
    std::string own;
    if (given("known_at")) own += "known_at_utc, ";
    std::string assumed = "null";
    if (delivery_.first) {
      if (given("time")) assumed += ", time_utc";
      if (given("updated_at")) assumed += ", updated_at_utc";
    }
    return fmt::format(
        "coalesce({}{}, timestamp '{}') as known_at, coalesce({}) is null and coalesce({}) is not null as "
        "known_at_assumed, {} as time_utc, {} as updated_at_utc",
        own, assumed, delivered, given("known_at") ? "known_at_utc" : "null", assumed,
        given("time") ? "time_utc" : "null::timestamp", given("updated_at") ? "updated_at_utc" : "null::timestamp");
  }

  const SourceDefinition& definition_;
  const DeliveryFacts& delivery_;
  const store::Erasure& erased_;
  std::string zone_;
  std::string source_zone_;
  std::vector<std::string> given_;
  std::vector<store::Column> extras_;
  std::string converted_;
  std::string known_;
  std::string faults_;
};

}  // namespace

bool is_currency(const std::string& code) {
  if (code.size() != 3) return false;
  UErrorCode failure = U_ZERO_ERROR;
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8(code).toUpper();
  const std::int32_t number = ucurr_getNumericCode(wide.getTerminatedBuffer());
  return number != kNoCurrency && number != kTestCurrency &&
         ucurr_isAvailable(wide.getTerminatedBuffer(), U_DATE_MIN, U_DATE_MAX, &failure) != 0 && U_SUCCESS(failure);
}

std::string RowRules::log_sql(const std::string& selected) const {
  return fmt::format("select {} from (select {} from (select {} from (select {} from {})))", logged, judged, known,
                     converted, selected);
}

Result<RowRules> make_row_rules(const SourceDefinition& definition, const std::vector<store::Column>& outputs,
                                const DeliveryFacts& delivery, const Settings& settings, const store::Erasure& erased) {
  RuleWriter writer(definition, delivery, settings, erased);
  for (const store::Column& output : outputs) HILO_TRY(writer.add_output(output));
  return writer.finish();
}

}  // namespace hilo::ingest
