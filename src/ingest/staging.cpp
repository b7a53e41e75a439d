#include "ingest/staging.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "ingest/read/cell_type.h"
#include "ingest/read/open_rows.h"
#include "model/column.h"

namespace hilo::ingest {
namespace {

using store::quote_name;
using store::quote_text;

constexpr std::int64_t kProgressEvery = 1 << 14;

const expr::ReadOption* find_option(const expr::SourceQuery& query, std::string_view name) {
  const auto found = std::ranges::find(query.options, name, &expr::ReadOption::name);
  return found == query.options.end() ? nullptr : &*found;
}

std::string option_text(const expr::SourceQuery& query, std::string_view name) {
  const expr::ReadOption* option = find_option(query, name);
  return option != nullptr && option->text ? *option->text : "";
}

// The texts that stand for "no value" beside the empty cell.
std::set<std::string, std::less<>> null_words(const expr::SourceQuery& query) {
  std::set<std::string, std::less<>> words;
  const expr::ReadOption* option = find_option(query, "nullstr");
  if (option == nullptr) return words;
  if (option->text) words.insert(*option->text);
  for (const auto& [key, word] : option->entries) words.insert(word);
  return words;
}

// Types that the query states: types = {'qty': 'INTEGER'}.
ColumnTypes stated_types(const expr::SourceQuery& query) {
  ColumnTypes types;
  for (const char* name : {"types", "columns"}) {
    if (const expr::ReadOption* option = find_option(query, name)) {
      for (const auto& [column, type] : option->entries) types[column] = type;
    }
  }
  return types;
}

Result<ReadOptions> read_options(const expr::SourceQuery& query) {
  ReadOptions options;
  if (const std::string delimiter = option_text(query, "delim"); !delimiter.empty()) {
    options.csv.delimiter = delimiter == "\\t" ? '\t' : delimiter.front();
  }
  if (const std::string quote = option_text(query, "quote"); !quote.empty()) options.csv.quote = quote.front();
  if (option_text(query, "header") == "false") options.csv.header = CsvHeader::kNone;
  if (const std::string encoding = option_text(query, "encoding"); !encoding.empty()) {
    HILO_ASSIGN(options.encoding, parse_encoding(encoding));
  }
  return options;
}

// "1.234,56" -> "1234.56" where the file marks decimals by a comma and the cell is a number so written: points only
// between groups of three digits, so that neither 31.12.2023 nor 4.50 is taken for one.
std::optional<std::string> plain_number(std::string_view cell) {
  constexpr std::size_t kGroup = 3;
  const bool negative = cell.starts_with('-');
  const std::string_view number = cell.substr(negative ? 1 : 0);
  const std::string_view whole = number.substr(0, number.find(','));
  const std::string_view fraction = number.substr(std::min(number.size(), whole.size() + 1));
  const auto all_digits = [](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (whole.size() < number.size() && !all_digits(fraction)) return std::nullopt;
  std::string out = negative ? "-" : "";
  const std::vector<std::string_view> groups = split(whole, '.');
  for (std::size_t at = 0; at < groups.size(); ++at) {
    const bool fits = groups.size() == 1 || (at == 0 ? groups[at].size() <= kGroup : groups[at].size() == kGroup);
    if (!all_digits(groups[at]) || !fits) return std::nullopt;
    out += groups[at];
  }
  if (!fraction.empty()) out += fmt::format(".{}", fraction);
  return out;
}

Status make_faults_table(store::Connection& scratch, const std::string& tag) {
  return scratch.execute(
      fmt::format("create or replace table faults{}(record bigint, line bigint, column_name varchar, value varchar, "
                  "sensitive boolean, reason varchar)",
                  tag));
}

// Returns whether a column's cells are taken as they are written: where the query passes it on as text (by name, or by
// a star as a canonical column of text) a type would only lose spelling, such as leading zeros.
bool is_text_column(const expr::SourceQuery& query, std::string_view column) {
  const std::string name = lower_ascii(column);
  if (query.text_columns.contains(name)) return true;
  if (const ColumnTypes stated = stated_types(query); stated.contains(std::string(column)))
    return stated.at(std::string(column)) == "VARCHAR";
  const bool star = std::ranges::count(query.output_names, "") > 0;
  const CanonicalColumn* canonical = find_canonical(name);
  return star && canonical != nullptr && canonical->type == "VARCHAR" &&
         std::ranges::none_of(query.columns, [&](const expr::ColumnUse& use) { return lower_ascii(use.name) == name; });
}

// Returns whether the cells seen are known to fit a stated DECIMAL(w,s).
bool fits_stated(const TypeSniffer& sniffer, std::string_view type) {
  unsigned width = 0;
  unsigned scale = 0;
  if (std::sscanf(std::string(type).c_str(), "DECIMAL(%2u,%2u)", &width, &scale) != 2) return false;
  return type == fmt::format("DECIMAL({},{})", width, scale) && sniffer.fits_decimal(width, scale);
}

// One text file on its way into its table of cells.
class TextStager {
 public:
  TextStager(store::Connection& scratch, const expr::SourceQuery& query, const std::string& tag)
      : scratch_(scratch),
        query_(query),
        tag_(tag),
        null_words_(null_words(query)),
        comma_decimals_(option_text(query, "decimal_separator") == ",") {}

  Status read(RowReader& reader, const StagingOptions& options) {
    HILO_TRY(make_tables(reader.columns()));
    HILO_ASSIGN(store::TableWriter rows, store::TableWriter::open(scratch_, "main", "staged" + tag_));
    HILO_ASSIGN(store::TableWriter faults, store::TableWriter::open(scratch_, "main", "faults" + tag_));
    TextRow row;
    RowFault fault;
    while (true) {
      HILO_ASSIGN(const ReadOutcome outcome, reader.next(row, fault));
      if (outcome == ReadOutcome::kEnd) break;
      ++records_;
      if (outcome == ReadOutcome::kFault) {
        HILO_TRY(write_fault(faults, fault));
        last_record_ = std::max(last_record_, fault.record);
      } else {
        HILO_TRY(write_row(rows, row));
        last_record_ = std::max(last_record_, row.record);
      }
      if (records_ == options.records_max) break;
      if (options.progress && records_ % kProgressEvery == 0) options.progress(records_);
    }
    if (options.progress) options.progress(records_);
    HILO_TRY(rows.close());
    return faults.close();
  }

  [[nodiscard]] std::int64_t records() const { return last_record_; }

  [[nodiscard]] ColumnTypes sniffed(const std::vector<std::string>& columns) const {
    const ColumnTypes stated = stated_types(query_);
    ColumnTypes types;
    for (std::size_t column = 0; column < columns.size(); ++column) {
      if (!has_value_[column]) continue;
      const std::string& name = columns[column];
      types[name] = is_text_[column] ? "VARCHAR" : std::string(sniffers_[column].sql_type());
      // A stated type that holds all cells as it is says more than the sniffed one.
      const auto own = stated.find(name);
      if (own != stated.end() && fits_stated(sniffers_[column], own->second)) types[name] = own->second;
    }
    return types;
  }

 private:
  Status make_tables(const std::vector<std::string>& columns) {
    std::string list;
    for (const std::string& column : columns) list += quote_name(column) + " varchar, ";
    is_text_.clear();
    for (const std::string& column : columns) is_text_.push_back(is_text_column(query_, column));
    sniffers_.assign(columns.size(), TypeSniffer{});
    has_value_.assign(columns.size(), false);
    return scratch_.execute(
        fmt::format("create or replace table staged{}({}_record bigint, _line bigint)", tag_, list));
  }

  Status write_row(store::TableWriter& rows, const TextRow& row) {
    std::size_t column = 0;
    for (const std::optional<std::string_view>& cell : row.cells) {
      if (!cell || null_words_.contains(*cell)) {
        rows.null(column);
      } else {
        write_cell(rows, column, *cell);
      }
      ++column;
    }
    rows.integer(column, row.record);
    rows.integer(column + 1, row.line);
    return rows.end_row();
  }

  void write_cell(store::TableWriter& rows, std::size_t column, std::string_view cell) {
    has_value_[column] = true;
    if (comma_decimals_ && !is_text_[column]) {
      if (const std::optional<std::string> number = plain_number(cell)) {
        sniffers_[column].observe(*number);
        return rows.text(column, *number);
      }
    }
    sniffers_[column].observe(cell);
    rows.text(column, cell);
  }

  // What a broken row holds is not known: its value counts as contact data.
  static Status write_fault(store::TableWriter& faults, const RowFault& fault) {
    faults.integer(0, fault.record);
    faults.integer(1, fault.line);
    fault.column.empty() ? faults.null(2) : faults.text(2, fault.column);
    fault.value.empty() || !is_utf8(fault.value) ? faults.null(3) : faults.text(3, fault.value);
    faults.boolean(4, true);
    faults.text(5, fault.reason);
    return faults.end_row();
  }

  store::Connection& scratch_;
  const expr::SourceQuery& query_;
  const std::string& tag_;
  std::set<std::string, std::less<>> null_words_;
  bool comma_decimals_;
  std::vector<TypeSniffer> sniffers_;
  std::vector<bool> has_value_;
  std::vector<bool> is_text_;
  std::int64_t records_ = 0;
  std::int64_t last_record_ = 0;
};

// How a value of a type is written. The engine's casts are kinder: they round 12.5 to 13 and 99.99 to 100, drop a time
// of day, read 0x10 and 1_000, and all that in silence.
std::string_view spelling(std::string_view type, bool stated) {
  if (type == "BIGINT" && !stated) return "-?(0|[1-9][0-9]*)";  // 007 names something
  if (type.ends_with("INT") || type == "INTEGER") return "[+-]?[0-9]+";
  if (type.starts_with("DECIMAL")) return "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)";
  if (type == "DOUBLE" || type == "FLOAT") return "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?";
  if (type == "DATE") return "[0-9]{4}-[0-9]{2}-[0-9]{2}";
  // With an offset it is an instant, which the engine would take for wall time in UTC.
  if (type == "TIMESTAMP") return "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?)?";
  if (type == "BOOLEAN") return "(?i)(true|false|t|f|yes|no|y|n|0|1)";
  return "";
}

// Returns the condition that a cell is a value of the type and loses nothing on the way to it.
std::string fits(const std::string& column, const std::string& type, bool stated) {
  const std::string cast = fmt::format("try_cast({} as {})", column, type);
  std::string condition = cast + " is not null";
  if (const std::string_view written = spelling(type, stated); !written.empty())
    condition += fmt::format(" and regexp_full_match(trim({}), {})", column, quote_text(written));
  if (type.starts_with("DECIMAL")) condition += fmt::format(" and try_cast({} as double) = {}::double", column, cast);
  return "(" + condition + ")";
}

// Returns the condition that a cell may be contact data: by what it is for, by its column's name, or by its look.
std::string sensitivity(const std::string& column, const expr::SourceQuery& query) {
  if (looks_like_contact(column) || query.contact_columns.contains(lower_ascii(column))) return "true";
  return fmt::format("looks_like_contact({})", quote_name(column));
}

// Rows with a cell that does not fit its column's type become faults; the others, typed, the view `typed<tag>`.
// A column whose cells were all seen to fit needs no second look.
Status type_columns(store::Connection& scratch, const ReadFile& read, const ColumnTypes& types,
                    const expr::SourceQuery& query) {
  const ColumnTypes stated = stated_types(query);
  std::string select;
  std::string misfits = "null";
  std::string all_fit = "true";
  for (const std::string& column : read.columns) {
    const std::string quoted = quote_name(column);
    const auto type = types.find(column);
    if (type == types.end() || type->second == "VARCHAR") {
      select += quoted + ", ";
      continue;
    }
    select += fmt::format("try_cast({0} as {1}) as {0}, ", quoted, type->second);
    const auto seen = read.sniffed.find(column);
    if (seen == read.sniffed.end() || seen->second == type->second) continue;
    const std::string fit = fits(quoted, type->second, stated.contains(column));
    all_fit += fmt::format(" and ({} is null or {})", quoted, fit);
    misfits = fmt::format(
        "case when {0} is not null and not {1} then struct_pack(column_name := {2}, value := {0}, "
        "sensitive := {3}, reason := {4}) else {5} end",
        quoted, fit, quote_text(column), sensitivity(column, query),
        quote_text(fmt::format("is not {}, the type of its column", type->second)), misfits);
  }
  for (const auto& [column, type] : stated) {
    // A key that no record of a file has is none of its columns; where the query states it, it is one all the same.
    if (query.format != expr::SourceFormat::kJson || std::ranges::count(read.columns, column) > 0) continue;
    select += fmt::format("null::{} as {}, ", type, quote_name(column));
  }
  HILO_TRY(scratch.execute(
      fmt::format("create or replace view typed{0} as select {1}{2} as _file, _record, _line from staged{0} where {3}",
                  read.tag, select, quote_text(read.file.name), all_fit)));
  if (misfits == "null") return {};
  return scratch.execute(fmt::format(
      "insert into faults{0} select _record, _line, m.column_name, left(m.value, 200), m.sensitive, m.reason from "
      "(select _record, _line, {1} as m from staged{0} where not ({2}))",
      read.tag, misfits, all_fit));
}

ColumnTypes decide_types(const expr::SourceQuery& query, const ColumnTypes& sniffed, const ColumnTypes& known,
                         TypePolicy policy, bool& widened) {
  ColumnTypes types = known;
  const auto stated = stated_types(query);
  if (option_text(query, "all_varchar") != "true") {
    for (const auto& [column, type] : sniffed) {
      if (stated.contains(column)) continue;  // what its cells look like decides nothing
      const auto [held, added] = types.emplace(column, type);
      if (added || policy == TypePolicy::kKeep) continue;
      const std::string wider = wider_type(held->second, type);
      widened = widened || wider != held->second;
      held->second = wider;
    }
  }
  for (const auto& [column, type] : stated) types[column] = type;
  return types;
}

Result<StagedFile> stage_parquet(store::Connection& scratch, const ReadFile& read, const StagingOptions& options) {
  StagedFile staged{.file = read.file, .tag = read.tag, .columns = {}, .types = {}};
  const std::string typed = "typed" + read.tag;
  const std::string reader =
      fmt::format("read_parquet({}, file_row_number = true)", quote_text(read.file.path.string()));
  const Status made =
      scratch.execute(fmt::format("create or replace view {} as select * exclude (file_row_number), {} as _file, "
                                  "file_row_number + 1 as _record, 0::bigint as _line from {}{}",
                                  typed, quote_text(read.file.name), reader,
                                  options.records_max > 0 ? fmt::format(" limit {}", options.records_max) : ""));
  if (!made) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} cannot be read as Parquet: {}", read.file.name, made.error().message));
  }
  HILO_ASSIGN(staged.columns, scratch.describe("select * exclude (_file, _record, _line) from " + typed));
  for (const store::Column& column : staged.columns) staged.types[column.name] = column.type;
  HILO_ASSIGN(staged.records, scratch.query_integer("select count(*) from " + typed));
  return staged;
}

}  // namespace

std::string wider_type(const std::string& a, const std::string& b) {
  if (a == b) return a;
  // Each type holds the values of those before it in its own row.
  static const std::vector<std::vector<std::string>> kOrders = {{"BIGINT", "DECIMAL(18,4)", "DECIMAL(18,6)", "DOUBLE"},
                                                                {"DATE", "TIMESTAMP"}};
  for (const auto& order : kOrders) {
    const auto first = std::ranges::find(order, a);
    const auto second = std::ranges::find(order, b);
    if (first != order.end() && second != order.end()) return *std::max(first, second);
  }
  return "VARCHAR";
}

Result<ReadFile> read_cells(store::Connection& scratch, const expr::SourceQuery& query, const SourceFile& file,
                            const std::string& tag, const StagingOptions& options) {
  ReadFile read{.file = file, .tag = tag, .columns = {}, .sniffed = {}};
  HILO_TRY(make_faults_table(scratch, tag));
  if (query.format == expr::SourceFormat::kParquet) return read;
  const FileFormat format = query.format == expr::SourceFormat::kCsv ? FileFormat::kCsv : FileFormat::kJson;
  HILO_ASSIGN(const ReadOptions reading, read_options(query));
  HILO_ASSIGN(const std::unique_ptr<RowReader> reader, open_rows(file.path, format, reading));
  TextStager stager(scratch, query, tag);
  HILO_TRY(stager.read(*reader, options));
  read.records = stager.records();
  read.columns = reader->columns();
  read.sniffed = stager.sniffed(read.columns);
  return read;
}

Result<StagedFile> type_cells(store::Connection& scratch, const expr::SourceQuery& query, const ReadFile& read,
                              const ColumnTypes& known, TypePolicy policy, const StagingOptions& options) {
  if (query.format == expr::SourceFormat::kParquet) return stage_parquet(scratch, read, options);
  StagedFile staged{.file = read.file, .tag = read.tag, .records = read.records, .columns = {}, .types = {}};
  staged.types = decide_types(query, read.sniffed, known, policy, staged.widened);
  HILO_TRY(type_columns(scratch, read, staged.types, query));
  HILO_ASSIGN(staged.columns,
              scratch.describe(fmt::format("select * exclude (_file, _record, _line) from typed{}", read.tag)));
  return staged;
}

Status drop_staged(store::Connection& scratch, const std::string& tag) {
  return scratch.execute(
      fmt::format("drop view if exists typed{0}; drop table if exists staged{0}; drop table if exists faults{0}", tag));
}

}  // namespace hilo::ingest
