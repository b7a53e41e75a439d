#include "app/tables.h"

#include <map>

namespace hilo::app {

const std::vector<std::string>& table_names() {
  static const std::vector<std::string> kNames = {
      "campaigns", "contact_costs", "customer_spans",  "customers",          "deliveries",
      "events",    "flat_table",    "fx_rates",        "identity",           "items",
      "links",     "meta",          "products",        "programs",           "records",
      "redirects", "rejects",       "segment_changes", "segment_members",    "segment_records",
      "segments",  "sources",       "stores",          "shared_identifiers", "versions"};
  return kNames;
}

const std::vector<std::string>& contact_table_names() {
  static const std::vector<std::string> kNames = {
      "contact.components", "contact.customers",     "contact.identifiers",        "contact.links",
      "contact.names",      "contact.reject_values", "contact.shared_identifiers", "contact.versions"};
  return kNames;
}

std::optional<std::vector<std::string>> key_of_table(const std::string& table) {
  static const std::map<std::string, std::vector<std::string>> kKeys = {
      {"campaigns", {"campaign_id"}},
      {"contact.components", {"record_id"}},
      {"contact.customers", {"customer_id"}},
      {"contact.identifiers", {"record_id", "kind", "value"}},
      {"contact.links", {"record_id"}},
      {"contact.names", {"record_id", "name_key"}},
      {"contact.reject_values", {"reject_id"}},
      {"contact.shared_identifiers", {"kind", "value"}},
      {"contact.versions", {"version"}},
      {"contact_costs", {"channel"}},
      {"customer_spans", {"customer_id"}},
      {"customers", {"customer_id"}},
      {"deliveries", {"delivery"}},
      {"events", {"seq"}},
      {"flat_table", {}},
      {"fx_rates", {"currency", "day"}},
      {"identity", {"record_id"}},
      {"items", {"seq", "line"}},
      {"meta", {}},
      {"products", {"sku"}},
      {"programs", {"name"}},
      {"records", {"record_id"}},
      {"rejects", {"reject_id"}},
      {"segment_changes", {"run", "segment", "customer_id"}},
      {"segment_records", {"run", "segment"}},
      {"segments", {"segment"}},
      {"sources", {"source"}},
      {"stores", {"store_id"}}};
  const auto key = kKeys.find(table);
  return key == kKeys.end() ? std::nullopt : std::optional(key->second);
}

}  // namespace hilo::app
