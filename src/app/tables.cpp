#include "app/tables.h"

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
      "contact.customers",     "contact.identifiers",        "contact.links",   "contact.names",
      "contact.reject_values", "contact.shared_identifiers", "contact.versions"};
  return kNames;
}

}  // namespace hilo::app
