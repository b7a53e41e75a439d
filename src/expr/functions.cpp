#include "expr/functions.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace hilo::expr {
namespace {

using Treatments = std::unordered_map<std::string_view, Aggregate>;

const Treatments& treatments() {
  static const Treatments kKnown = [] {
    Treatments map;
    const auto add = [&](RowOrder order, std::initializer_list<std::string_view> names, std::optional<int> zero = {}) {
      for (const std::string_view name : names) map[name] = {order, zero};
    };
    add(RowOrder::kFree, {"count", "count_star", "regr_count"}, 0);
    // count_if over no rows is NULL to the engine.
    add(RowOrder::kFree, {"count_if", "countif", "min", "max", "bool_and", "bool_or", "bit_and", "bit_or", "bit_xor",
                          "median", "quantile", "quantile_cont", "quantile_disc", "mad"});
    add(RowOrder::kDoubleSums, {"sum", "avg", "mean"});
    add(RowOrder::kAlwaysSums,
        {"fsum",         "kahan_sum",  "sumkahan",  "favg",       "product",   "stddev",    "stddev_pop",
         "stddev_samp",  "variance",   "var_pop",   "var_samp",   "sem",       "skewness",  "kurtosis",
         "kurtosis_pop", "corr",       "covar_pop", "covar_samp", "regr_avgx", "regr_avgy", "regr_intercept",
         "regr_r2",      "regr_slope", "regr_sxx",  "regr_sxy",   "regr_syy"});
    add(RowOrder::kPicksRow, {"first", "last", "any_value", "arbitrary", "arg_min", "arg_max", "argmin", "argmax",
                              "min_by", "max_by", "arg_min_null", "arg_max_null"});
    add(RowOrder::kPicksValue, {"mode"});
    add(RowOrder::kList, {"list", "array_agg"});
    add(RowOrder::kText, {"string_agg", "group_concat", "listagg"});
    return map;
  }();
  return kKnown;
}

using Names = std::unordered_set<std::string_view>;

// These sum without powers, and give infinity where others raise.
const Names& plain_sums() {
  static const Names kNames = {"fsum", "kahan_sum", "sumkahan", "favg", "product"};
  return kNames;
}

// One name after the other, parted by spaces.
constexpr std::string_view kSafeFunctions =
    "~~ !~~ ~~* !~~* || contains starts_with prefix suffix ends_with ^@ lower upper lcase ucase trim ltrim "
    "rtrim length len char_length character_length strlen reverse concat concat_ws left right substr "
    "substring replace instr strpos position split_part string_split split strip_accents ascii regexp_matches "
    "regexp_full_match regexp_extract regexp_replace levenshtein jaccard damerau_levenshtein jaro_similarity "
    "jaro_winkler_similarity hamming md5 sha256 nullif ifnull greatest least date_part datepart date_diff "
    "datediff date_trunc datetrunc last_day year quarter month week weekofyear yearweek isoyear day "
    "dayofmonth dayofweek isodow weekday dayofyear hour minute second epoch dayname monthname isfinite isinf "
    "isnan round ceil ceiling floor trunc sign even cbrt atan atan2 degrees radians pi list_value "
    "list_contains list_has array_contains array_has list_position list_indexof list_sort list_distinct "
    "array_distinct list_unique list_has_any list_has_all list_length array_length list_concat "
    "array_to_string list_reverse struct_extract map_extract map_extract_value element_at map_keys map_values "
    "cardinality typeof coalesce if struct_pack row";

const Names& safe_functions() {
  static const Names kNames = [] {
    const std::vector<std::string_view> parts = split(kSafeFunctions, ' ');
    return Names(parts.begin(), parts.end());
  }();
  return kNames;
}

constexpr std::string_view kClock = "the answer would depend on the clock: use $as_of or $day";
constexpr std::string_view kChance = "the answer would depend on chance";
constexpr std::string_view kApproximate = "its answer is not exact: use count(distinct ...), quantile_cont or mode";
constexpr std::string_view kOutside =
    "definitions read the tables of the workspace only, no file, setting or environment";
constexpr std::string_view kOtherDay =
    "it stands in the select list of a set over events, items or versions, outside of aggregates and subqueries; a "
    "segment "
    "asks in_segment('vip', $as_of - interval 30 day)";
constexpr std::string_view kSession = "its answer depends on the session; a column of that name is written in quotes";

const std::unordered_map<std::string_view, std::string_view>& forbidden() {
  static const std::unordered_map<std::string_view, std::string_view> kReasons = [] {
    std::unordered_map<std::string_view, std::string_view> map;
    const auto add = [&](std::string_view reason, std::initializer_list<std::string_view> names) {
      for (const std::string_view name : names) map[name] = reason;
    };
    add(kClock, {"now", "today", "current_date", "current_time", "current_timestamp", "get_current_time",
                 "get_current_timestamp", "transaction_timestamp", "localtime", "localtimestamp", "current_localtime",
                 "current_localtimestamp"});
    add(kChance, {"random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "setseed", "reservoir_quantile", "nextval",
                  "currval"});
    add(kApproximate, {"approx_count_distinct", "approx_quantile", "approx_top_k"});
    add(kOutside, {"getenv", "getvariable", "current_setting", "read_text", "read_blob", "read_csv", "read_csv_auto",
                   "read_json", "read_json_auto", "read_ndjson", "read_parquet", "parquet_scan", "glob", "query",
                   "query_table", "sniff_csv", "which_secret", "write_log", "json_execute_serialized_sql"});
    add(kOtherDay, {"at"});
    add(kSession, {"current_user", "user", "session_user", "current_role", "current_catalog", "version", "pg_typeof"});
    return map;
  }();
  return kReasons;
}

}  // namespace

std::optional<Aggregate> find_aggregate(std::string_view name) {
  const auto found = treatments().find(name);
  if (found == treatments().end()) return std::nullopt;
  return found->second;
}

bool overflows(std::string_view name) {
  const auto treatment = find_aggregate(name);
  return treatment && treatment->order == RowOrder::kAlwaysSums && !plain_sums().contains(name);
}

bool never_raises(std::string_view name) { return safe_functions().contains(name); }

bool specifier_decides(std::string_view name) {
  static const Names kNames = {"regexp_matches", "regexp_full_match", "regexp_extract", "regexp_replace", "date_part",
                               "datepart",       "date_diff",         "datediff",       "date_trunc",     "datetrunc"};
  return kNames.contains(name);
}

bool is_window_function(std::string_view name) {
  static const Names kNames = {"row_number", "rank",       "dense_rank", "rank_dense", "percent_rank",
                               "cume_dist",  "ntile",      "lag",        "lead",       "first_value",
                               "first",      "last_value", "last",       "nth_value"};
  return kNames.contains(name);
}

bool picks_among_ties(std::string_view name) {
  static const Names kNames = {"row_number",  "lag",        "lead",      "first", "last",
                               "first_value", "last_value", "nth_value", "ntile"};
  return kNames.contains(name);
}

const std::vector<std::string>& usual_functions() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> all;
    for (const auto& [name, treatment] : treatments()) all.emplace_back(name);
    for (const std::string_view name : safe_functions()) all.emplace_back(name);
    std::ranges::sort(all);
    return all;
  }();
  return kNames;
}

std::string_view forbidden_reason(std::string_view name) {
  const auto found = forbidden().find(name);
  return found == forbidden().end() ? std::string_view() : found->second;
}

Result<FunctionCatalog> FunctionCatalog::load(store::Connection& connection) {
  FunctionCatalog catalog;
  HILO_ASSIGN(
      store::Rows rows,
      connection.query("SELECT lower(function_name) AS name, bool_or(function_type = 'aggregate') AS aggregate, "
                       "bool_or(coalesce(stability, 'CONSISTENT') <> 'CONSISTENT') AS unstable "
                       "FROM duckdb_functions() GROUP BY 1 ORDER BY 1"));
  HILO_TRY(rows.for_each([&](const store::Chunk& chunk, std::size_t row) {
    std::string name(chunk.text(0, row));
    if (chunk.boolean(1, row)) catalog.aggregates_.insert(name);
    if (chunk.boolean(2, row)) catalog.unstable_.insert(name);
    catalog.ordered_.push_back(name);
    catalog.names_.insert(std::move(name));
  }));
  return catalog;
}

}  // namespace hilo::expr
