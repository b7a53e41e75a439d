#include "ingest/source_words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hilo::ingest {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Returns how many bytes the space at the front of the text takes, 0 where there is none.
std::size_t space_at_front(std::string_view text) {
  if (text.starts_with(' ')) return 1;
  if (text.starts_with("\u00A0")) return 2;
  for (const std::string_view space : {"\u1680", "\u202F", "\u205F", "\u3000"}) {
    if (text.starts_with(space)) return space.size();
  }
  // U+2000 to U+200A
  const bool is_wide = text.size() > 2 && text.starts_with("\xE2\x80") && static_cast<unsigned char>(text[2]) <= 0x8A;
  return is_wide ? 3 : 0;
}

std::size_t space_at_back(std::string_view text) {
  if (text.empty()) return 0;
  if (is_ascii(text.back())) return text.back() == ' ' ? 1 : 0;
  for (const std::size_t size : {std::size_t{2}, std::size_t{3}}) {
    if (text.size() >= size && space_at_front(text.substr(text.size() - size)) == size) return size;
  }
  return 0;
}

// Returns a short text in lower case, as far as that makes ASCII of it: the Kelvin sign is a k, and I with a dot an i.
std::string lower_word(std::string_view text) {
  std::string word;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("\u212A")) {
      word += 'k';
      at += 2;
    } else if (rest.starts_with("\u0130")) {
      word += 'i';
      at += 1;
    } else {
      word += text[at] >= 'A' && text[at] <= 'Z' ? static_cast<char>(text[at] + ('a' - 'A')) : text[at];
    }
  }
  return word;
}

// 0, 000, 0000-00-00
bool is_zeros(std::string_view text) {
  if (text.front() != '0' || text.back() != '0' || text.find("--") != std::string_view::npos) return false;
  return text.find_first_not_of("0-") == std::string_view::npos;
}

bool is_nothing(std::string_view trimmed) {
  constexpr auto kNothing = std::to_array<std::string_view>(
      {"-", ".", "n/a", "na", "null", "none", "nil", "nan", "unknown", "undefined", "[object object]"});
  constexpr std::size_t kLongest = 15 + 2 * 2;  // two Kelvin signs cost three bytes each
  if (trimmed.empty() || is_zeros(trimmed)) return true;
  // The words begin with one of these; most identifiers do not.
  constexpr std::string_view kFirst = "-.nNuU[";
  if (trimmed.size() > kLongest || kFirst.find(trimmed.front()) == std::string_view::npos) return false;
  return std::ranges::find(kNothing, lower_word(trimmed)) != kNothing.end();
}

std::size_t character_size(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Whether the text is one character, four times or more.
bool is_one_character(std::string_view text) {
  constexpr std::size_t kTimes = 4;
  const std::size_t size = std::min(character_size(text.front()), text.size());
  if (text.size() < kTimes * size || text.size() % size != 0) return false;
  return text.substr(size) == text.substr(0, text.size() - size);
}

// ..., :MM or :SS with a fraction of a second, spaces behind it
bool ends_in_time(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\n\f\r");
  if (last == std::string_view::npos) return false;
  text = text.substr(0, last + 1);
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[text.size() - 1 - digits])) ++digits;
  if (digits == 0) return false;
  const auto ends_in_pair = [](std::string_view of) {
    return of.size() >= 3 && of[of.size() - 3] == ':' && is_digit(of[of.size() - 2]) && is_digit(of.back());
  };
  if (ends_in_pair(text)) return true;
  if (digits == text.size() || text[text.size() - 1 - digits] != '.') return false;
  return ends_in_pair(text.substr(0, text.size() - 1 - digits));
}

}  // namespace

std::string_view trim_spaces(std::string_view text) {
  while (const std::size_t size = space_at_front(text)) text.remove_prefix(size);
  while (const std::size_t size = space_at_back(text)) text.remove_suffix(size);
  return text;
}

std::optional<std::string_view> meant_text(std::string_view text) {
  text = trim_spaces(text);
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string_view> meant_own_id(std::string_view text) {
  text = trim_spaces(text);
  if (is_nothing(text)) return std::nullopt;
  return text;
}

std::optional<std::string_view> meant_id(std::string_view text) {
  const std::optional<std::string_view> id = meant_own_id(text);
  return id && is_one_character(*id) ? std::nullopt : id;
}

std::optional<std::string> standard_type(std::string_view lower) {
  using Names = std::pair<std::string_view, std::string_view>;
  constexpr auto kStandard = std::to_array<Names>({{"order_completed", "order"},
                                                   {"order_refunded", "return"},
                                                   {"product_viewed", "product_view"},
                                                   {"product_added", "cart_add"},
                                                   {"product_removed", "cart_remove"},
                                                   {"checkout_started", "checkout"},
                                                   {"products_searched", "search"},
                                                   {"email_delivered", "message_sent"},
                                                   {"email_opened", "message_opened"},
                                                   {"email_link_clicked", "message_clicked"},
                                                   {"unsubscribed", "unsubscribed"},
                                                   {"page_viewed", "page_view"}});
  lower = trim_spaces(lower);
  std::string type;
  for (std::size_t at = 0; at < lower.size(); ++at) {
    const bool parts = lower[at] == ' ' || lower[at] == '-';
    if (parts && at > 0 && (lower[at - 1] == ' ' || lower[at - 1] == '-')) continue;
    type += parts ? '_' : lower[at];
  }
  if (type.empty()) return std::nullopt;
  const auto standard = std::ranges::find(kStandard, type, &Names::first);
  if (standard != kStandard.end()) type = standard->second;
  return type;
}

bool has_offset(std::string_view text) {
  text = trim_spaces(text);
  if (text.ends_with('Z')) return ends_in_time(text.substr(0, text.size() - 1));
  const auto offset_at = [&](std::size_t size, std::string_view form) {
    if (text.size() < size) return false;
    const std::string_view tail = text.substr(text.size() - size);
    if (tail.front() != '+' && tail.front() != '-') return false;
    for (std::size_t at = 1; at < size; ++at) {
      if (form[at] == ':' ? tail[at] != ':' : !is_digit(tail[at])) return false;
    }
    return ends_in_time(text.substr(0, text.size() - size));
  };
  return offset_at(3, "+00") || offset_at(5, "+0000") || offset_at(6, "+00:00");
}

}  // namespace hilo::ingest
