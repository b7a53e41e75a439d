#include "timeline/schema.h"

namespace hilo::timeline {
namespace {

using store::Column;

constexpr const char* kMoney = "DECIMAL(18,4)";

std::vector<Column> own_event_columns() {
  return {{"seq", "BIGINT"},
          {"customer_id", "BIGINT"},
          {"visitor_id", "BIGINT"},
          {"record_id", "BIGINT"},
          {"source", "VARCHAR"},
          {"time", "TIMESTAMP"},
          {"time_utc", "TIMESTAMP"},
          {"known_at", "TIMESTAMP"},
          {"known_at_assumed", "BOOLEAN"},
          {"type", "VARCHAR"},
          {"channel", "VARCHAR"},
          {"event_id", "VARCHAR"},
          {"order_space", "VARCHAR"},
          {"order_id", "VARCHAR"},
          {"amount", kMoney},
          {"original_amount", kMoney},
          {"original_currency", "VARCHAR"},
          {"rate_on", "DATE"},
          {"tax", kMoney},
          {"discount", kMoney},
          {"quantity", kMoney},
          {"items", "BIGINT"},
          {"sku", "VARCHAR"},
          {"category", "VARCHAR"},
          {"price", kMoney},
          {"store_id", "VARCHAR"},
          {"associate_id", "VARCHAR"},
          {"brand", "VARCHAR"},
          {"campaign_id", "VARCHAR"},
          {"offer_id", "VARCHAR"},
          {"return_of_order_id", "VARCHAR"}};
}

std::vector<Column> own_item_columns() {
  return {{"seq", "BIGINT"},
          {"line", "BIGINT"},
          {"customer_id", "BIGINT"},
          {"visitor_id", "BIGINT"},
          {"source", "VARCHAR"},
          {"time", "TIMESTAMP"},
          {"time_utc", "TIMESTAMP"},
          {"type", "VARCHAR"},
          {"channel", "VARCHAR"},
          {"order_space", "VARCHAR"},
          {"order_id", "VARCHAR"},
          {"line_no", "BIGINT"},
          {"sku", "VARCHAR"},
          {"category", "VARCHAR"},
          {"quantity", kMoney},
          {"price", kMoney},
          {"amount", kMoney},
          {"original_amount", kMoney},
          {"original_currency", "VARCHAR"},
          {"tax", kMoney},
          {"discount", kMoney},
          {"unit_cost", kMoney},
          {"store_id", "VARCHAR"},
          {"associate_id", "VARCHAR"},
          {"brand", "VARCHAR"},
          {"campaign_id", "VARCHAR"},
          {"offer_id", "VARCHAR"},
          {"return_of_order_id", "VARCHAR"},
          {"return_of_line", "BIGINT"}};
}

std::vector<Column> version_columns() {
  return {{"customer_id", "BIGINT"}, {"record_id", "BIGINT"},           {"source", "VARCHAR"}, {"seq", "BIGINT"},
          {"time", "TIMESTAMP"},     {"time_utc", "TIMESTAMP"},         {"city", "VARCHAR"},   {"country", "VARCHAR"},
          {"gender", "VARCHAR"},     {"acquisition_channel", "VARCHAR"}};
}

std::vector<Column> golden_columns() {
  return {{"customer_id", "BIGINT"},
          {"customer_since", "DATE"},
          {"records", "BIGINT"},
          {"city", "VARCHAR"},
          {"country", "VARCHAR"},
          {"gender", "VARCHAR"},
          {"acquisition_channel", "VARCHAR"}};
}

std::vector<Column> with(std::vector<Column> columns, const std::vector<Column>& more) {
  columns.insert(columns.end(), more.begin(), more.end());
  return columns;
}

}  // namespace

std::vector<Column> event_columns(const std::vector<Column>& properties) {
  return with(own_event_columns(), properties);
}

std::vector<Column> item_columns(const std::vector<Column>& properties) { return with(own_item_columns(), properties); }

std::vector<expr::TableSchema> attribute_schema(const store::LogColumns& columns) {
  return {{"events", event_columns(columns.properties)},
          {"items", item_columns(columns.properties)},
          {"versions", with(version_columns(), columns.traits)},
          {"customers", with(golden_columns(), columns.traits)}};
}

}  // namespace hilo::timeline
