#include "ingest/source_definition.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "model/column.h"

namespace hilo::ingest {
namespace {

using expr::DefinitionFile;
using expr::HeaderField;

const std::vector<std::string>& header_keys() {
  static const std::vector<std::string> kKeys = {"source", "kind",   "order_space", "delivery",
                                                 "rank",   "region", "time_zone"};
  return kKeys;
}

Error header_error(const DefinitionFile& file, const HeaderField& field, std::string message, std::string advice = {}) {
  return Error{.code = ErrorCode::kInvalidDefinition,
               .message = std::move(message),
               .advice = std::move(advice),
               .position = {file.path, field.line, field.column}};
}

// A name is used in file names and as a key of people: small letters, digits and underscores.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() >= 'a' && text.front() <= 'z' &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_region(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Sets one field of the header; returns what is wrong with its value, or "".
std::string apply(Source& source, const HeaderField& field) {
  const std::string& value = field.value;
  if (field.key == "source") {
    source.name = value;
    return is_name(value)
               ? ""
               : fmt::format("'{}' cannot be a source's name: small letters, digits and _ are allowed", value);
  }
  if (field.key == "kind") {
    const auto kind = parse_kind(value);
    if (!kind) return fmt::format("there is no kind '{}'{}", value, did_you_mean(value, kind_names()));
    source.kind = *kind;
  } else if (field.key == "order_space") {
    source.order_space = value;
    if (!is_name(value))
      return fmt::format("'{}' cannot be an order space: small letters, digits and _ are allowed", value);
  } else if (field.key == "delivery") {
    const auto mode = parse_mode(value);
    if (!mode)
      return fmt::format("there is no delivery '{}'{}", value, did_you_mean(value, {"full", "lines", "delta"}));
    source.delivery = *mode;
  } else if (field.key == "rank") {
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), source.rank);
    if (failure != std::errc{} || end != value.data() + value.size() || source.rank < 1 || source.rank > 1000) {
      return fmt::format("rank '{}' is not a number from 1 (counts most) to 1000", value);
    }
  } else if (field.key == "region") {
    source.region = value;
    if (!is_region(value)) return fmt::format("region '{}' is not a country code such as ES or GB", value);
  } else if (field.key == "time_zone") {
    source.time_zone = value;
  }
  return "";
}

Status check_time_zone(const std::string& zone, store::Connection& connection) {
  HILO_ASSIGN(
      const std::int64_t known,
      connection.query_integer("select count(*) from pg_timezone_names() where name = $name", {{"name", zone}}));
  if (known > 0) return {};
  return fail(ErrorCode::kInvalidDefinition, fmt::format("there is no time zone '{}'", zone),
              "Write an IANA name such as Europe/Madrid or UTC.");
}

void read_fields(const DefinitionFile& file, store::Connection& connection, Source& source,
                 std::vector<Error>& errors) {
  std::map<std::string, int> seen;
  for (const HeaderField& field : expr::read_header(file.text)) {
    const auto& known = header_keys();
    if (std::ranges::find(known, field.key) == known.end()) {
      errors.push_back(header_error(
          file, field, fmt::format("a source has no key '{}'{}", field.key, did_you_mean(field.key, known)),
          fmt::format("Known keys: {}.", join(known, ", "))));
      continue;
    }
    if (seen[field.key]++ > 0) {
      errors.push_back(header_error(file, field, fmt::format("the key '{}' stands twice", field.key)));
      continue;
    }
    std::string fault = apply(source, field);
    if (!fault.empty() && field.value.find(": ") != std::string::npos) {
      errors.push_back(header_error(file, field, fault, "Two spaces or more part one key from the next."));
      continue;
    }
    if (fault.empty() && field.key == "time_zone") {
      if (const Status zone = check_time_zone(source.time_zone, connection); !zone) fault = zone.error().message;
    }
    if (!fault.empty()) errors.push_back(header_error(file, field, fault));
  }
}

bool gives(const std::vector<std::string>& outputs, std::string_view name) {
  return std::ranges::any_of(outputs, [&](const std::string& output) { return lower_ascii(output) == name; });
}

// An output without a name stands for a star: what it holds is known only once a file was read.
bool has_star(const expr::SourceQuery& query) {
  return std::ranges::any_of(query.output_names, [](const std::string& output) { return output.empty(); });
}

std::vector<Error> output_errors(const SourceDefinition& definition, const std::vector<std::string>& outputs) {
  std::vector<Error> errors;
  const auto complain = [&](std::string message, std::string advice) {
    errors.push_back(Error{.code = ErrorCode::kInvalidDefinition,
                           .message = std::move(message),
                           .advice = std::move(advice),
                           .position = {definition.path, 1, 1}});
  };
  if (is_dimension(definition.source.kind)) {
    for (const std::string_view key : dimension_table(definition.source.kind).keys) {
      if (!gives(outputs, key)) {
        complain(fmt::format("a source of kind {} needs the column {}", kind_name(definition.source.kind), key),
                 fmt::format("Add `... as {}` to the query.", key));
      }
    }
    if (definition.source.kind == SourceKind::kFxRate && !gives(outputs, "rate"))
      complain("a source of kind fx_rate needs the column rate", "Add `... as rate` to the query.");
    return errors;
  }
  const bool event = gives(outputs, "time") && gives(outputs, "type");
  if (gives(outputs, "type") && !gives(outputs, "time"))
    complain("the query gives `type` but no `time`: an event needs both", "Add `... as time`.");
  if (gives(outputs, "time") && !gives(outputs, "type"))
    complain("the query gives `time` but no `type`: an event needs both", "Add, for example, `'order' as type`.");
  const bool person = std::ranges::any_of(canonical_columns(), [&](const CanonicalColumn& column) {
    return column.role == ColumnRole::kIdentifier && gives(outputs, column.name);
  });
  if (!event && !person) {
    complain("no column of the query says who or what happened",
             "Name a person by source_id, email, phone, loyalty_id or device_id, or an event by time and type.");
  }
  if (event && definition.source.delivery == DeliveryMode::kLines && !gives(outputs, "line_no")) {
    complain("delivery: lines replaces order lines by line_no, but the query gives no line_no",
             "Add `... as line_no`, or use delivery: full.");
  }
  return errors;
}

}  // namespace

expr::Checked<SourceDefinition> read_source(const DefinitionFile& file, store::Connection& connection) {
  std::vector<Error> errors;
  SourceDefinition definition{.source = {}, .query = {}, .path = file.path, .digest = {}};
  definition.source.name = file.name;
  read_fields(file, connection, definition.source, errors);
  if (definition.source.order_space.empty()) definition.source.order_space = definition.source.name;
  auto query = expr::parse_source_query(file, connection);
  if (!query) {
    errors.insert(errors.end(), query.error().begin(), query.error().end());
    return std::unexpected(std::move(errors));
  }
  definition.query = std::move(*query);
  if (!has_star(definition.query)) {
    const std::vector<Error> faults = output_errors(definition, definition.query.output_names);
    errors.insert(errors.end(), faults.begin(), faults.end());
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  // The text without its header and comments is close enough to what the query means: a change of layout reads again.
  std::string body;
  for (const std::string_view line : split(file.text, '\n')) {
    if (!trim(line).starts_with("--")) body += std::string(trim(line)) + '\n';
  }
  body += fmt::format("kind {}, delivery {}, time zone {}", kind_name(definition.source.kind),
                      mode_name(definition.source.delivery), definition.source.time_zone);
  definition.digest = sha256_hex(body).substr(0, 16);
  return definition;
}

void bind_settings(SourceDefinition& definition, const Settings& settings) {
  definition.digest = sha256_hex(definition.digest + '\0' + settings.time_zone).substr(0, definition.digest.size());
}

Status check_outputs(const SourceDefinition& definition, const std::vector<std::string>& outputs) {
  std::vector<Error> errors = output_errors(definition, outputs);
  if (errors.empty()) return {};
  return std::unexpected(std::move(errors.front()));
}

bool carries_events(const SourceDefinition& definition, const std::vector<std::string>& outputs) {
  return !is_dimension(definition.source.kind) && gives(outputs, "type");
}

std::vector<Error> check_unique_names(const std::vector<SourceDefinition>& sources) {
  std::vector<Error> errors;
  std::map<std::string, std::string> first;
  for (const SourceDefinition& definition : sources) {
    const auto [known, added] = first.emplace(definition.source.name, definition.path);
    if (added) continue;
    errors.push_back(
        Error{.code = ErrorCode::kInvalidDefinition,
              .message = fmt::format("the source '{}' is defined in {} already", definition.source.name, known->second),
              .advice = "Give one of them another name in its `-- source:` line.",
              .position = {definition.path, 1, 1}});
  }
  return errors;
}

}  // namespace hilo::ingest
