// One customer on one screen: who is meant, and all that is known of them on a day.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/reader.h"
#include "app/text_table.h"
#include "base/time.h"

namespace hilo::app {

/// Finds the customer that `who` means: a customer id, an e-mail, a phone, a loyalty id, or any source's id;
/// `customer:123`, `email:...`, `phone:...`, `loyalty:...` or `SOURCE:ID` says which. Ids that have merged lead to
/// where they are now.
/// **Errors**: kNotFound; kAmbiguous when several customers answer, with what to write for each.
[[nodiscard]] Result<std::int64_t> find_customer(Reader& reader, const std::string& who);

struct NamedText {
  std::string name;
  std::string type;
  std::optional<std::string> value;
};

struct CustomerView {
  std::int64_t customer_id = 0;
  Date day;
  std::string currency;
  std::vector<NamedText> contact;  ///< names, e-mail, phone, address ...
  std::vector<NamedText> golden;   ///< the rest of the golden row
  std::vector<NamedText> attributes;
  TextTable identifiers;  ///< source, source_id, kind, value, reason
  TextTable events;       ///< the latest first
  std::int64_t events_in_all = 0;
};

/// Gathers what is known of a customer at the end of a day. **Errors**: kNotFound when it does not exist yet on that
/// day.
[[nodiscard]] Result<CustomerView> show_customer(Reader& reader, std::int64_t customer_id, Date day);

}  // namespace hilo::app
