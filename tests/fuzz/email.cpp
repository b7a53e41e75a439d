// E-mail addresses: within the limits of RFC 5321, the domain in ASCII and lower case, its own standard form.
#include "ingest/standardise/email.h"

#include <algorithm>

#include "standard_form.h"

namespace hilo::fuzz {
namespace {

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(
             label, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

}  // namespace

void judge(std::string_view input) {
  const ingest::Standard answer = expect_standard_form("an e-mail address", input, ingest::standardise_email);
  if (answer.standing != ingest::Standing::kStandard) return;
  const std::string_view address = answer.value;
  const std::size_t at = address.find('@');
  expect(at != std::string_view::npos && at > 0 && at <= 64 && address.size() <= 254, "an address within its limits",
         address);
  const auto labels = split(address.substr(at + 1), '.');
  expect(labels.size() >= 2 && std::ranges::all_of(labels, is_label), "a domain of labels", address);
  const std::string_view local = address.substr(0, at);
  expect(local.front() != '.' && local.back() != '.' && local.find("..") == std::string_view::npos &&
             local.find_first_of(" \t\r\n\"<>()[]:;,\\") == std::string_view::npos,
         "a local part without quotes", address);
}

}  // namespace hilo::fuzz
