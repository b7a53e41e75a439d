#include "world/spelling/misspelling.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/text.h"

namespace hilo::world {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The characters of a UTF-8 text.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    parts.push_back(text.substr(at, end - at));
    at = end;
  }
  return parts;
}

std::string glued(const std::vector<std::string_view>& parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

// A key beside that of a letter, of the letter's case.
char neighbour(char c, Rng& rng) {
  constexpr std::array<std::string_view, 4> kRows = {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"};
  const bool capital = c >= 'A' && c <= 'Z';
  const char key = capital ? static_cast<char>(c | 0x20) : c;
  for (const std::string_view row : kRows) {
    const std::size_t at = row.find(key);
    if (at == std::string_view::npos) continue;
    const bool left = at + 1 == row.size() || (at > 0 && rng.chance(0.5));
    const char beside = row[left ? at - 1 : at + 1];
    return capital ? static_cast<char>(beside & ~0x20) : beside;
  }
  return c == 'x' ? 'c' : 'x';
}

void put_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    out += static_cast<char>(0xE0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

constexpr std::array<Pair, 62> kPlain = {
    {{"á", "a"}, {"à", "a"},  {"â", "a"},  {"ä", "a"},  {"ã", "a"}, {"å", "a"}, {"é", "e"}, {"è", "e"},  {"ê", "e"},
     {"ë", "e"}, {"í", "i"},  {"ì", "i"},  {"î", "i"},  {"ï", "i"}, {"ó", "o"}, {"ò", "o"}, {"ô", "o"},  {"ö", "o"},
     {"õ", "o"}, {"ú", "u"},  {"ù", "u"},  {"û", "u"},  {"ü", "u"}, {"ñ", "n"}, {"ç", "c"}, {"ß", "ss"}, {"Á", "A"},
     {"À", "A"}, {"Â", "A"},  {"Ä", "A"},  {"É", "E"},  {"È", "E"}, {"Ê", "E"}, {"Ë", "E"}, {"Í", "I"},  {"Î", "I"},
     {"Ï", "I"}, {"Ó", "O"},  {"Ô", "O"},  {"Ö", "O"},  {"Ú", "U"}, {"Ù", "U"}, {"Û", "U"}, {"Ü", "U"},  {"Ñ", "N"},
     {"Ç", "C"}, {"ı", "i"},  {"ş", "s"},  {"Ş", "S"},  {"ğ", "g"}, {"º", "o"}, {"ª", "a"}, {"’", "'"},  {"Ø", "O"},
     {"ø", "o"}, {"œ", "oe"}, {"Œ", "OE"}, {"æ", "ae"}, {"ý", "y"}, {"ÿ", "y"}, {"Ã", "A"}, {"Å", "A"}}};

constexpr std::array<Pair, 8> kSpelledOut = {
    {{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"Ä", "Ae"}, {"Ö", "Oe"}, {"Ü", "Ue"}, {"ñ", "ny"}, {"Ñ", "Ny"}}};

std::string_view plain_of(std::string_view letter) {
  const auto* const found = std::ranges::find(kPlain, letter, &Pair::first);
  return found == kPlain.end() ? letter : found->second;
}

// Replaces every character beyond ASCII.
template <class Function>
std::string by_character(std::string_view text, Function replacement) {
  std::string out;
  out.reserve(text.size() + 8);
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      out += text[at++];
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    out += replacement(text.substr(at, end - at));
    at = end;
  }
  return out;
}

const std::vector<Pair>& sounds_of(Language language) {
  static const std::array<std::vector<Pair>, kLanguages> kTables = [] {
    std::array<std::vector<Pair>, kLanguages> tables;
    for (const auto& row : table_rows("shared/misheard.tsv", 3)) {
      for (std::size_t at = 0; at < kLanguages; ++at) {
        if (row[0] == language_code(static_cast<Language>(at))) tables[at].emplace_back(row[1], row[2]);
      }
    }
    return tables;
  }();
  return kTables[static_cast<std::size_t>(language)];
}

}  // namespace

std::string with_typo(std::string_view text, Rng& rng) {
  if (text.empty()) return {};
  std::vector<std::string_view> parts = characters(text);
  const std::size_t at = rng.below(static_cast<std::uint32_t>(parts.size()));
  const std::uint32_t kind = rng.below(4);
  const std::string wrong(1, parts[at].size() == 1 ? neighbour(parts[at].front(), rng) : 'x');
  if (kind == 0 && parts.size() > 1) {
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at));
  } else if (kind == 1) {
    parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(at), parts[at]);
  } else if (kind == 2 && at + 1 < parts.size() && parts[at] != parts[at + 1]) {
    std::swap(parts[at], parts[at + 1]);
  } else {
    parts[at] = wrong;
  }
  return glued(parts);
}

std::string misread(std::string_view text, Rng& rng) {
  static constexpr std::array<Pair, 20> kLookAlikes = {{{"rn", "m"}, {"m", "rn"}, {"O", "0"}, {"0", "O"},  {"l", "1"},
                                                        {"1", "l"},  {"S", "5"},  {"5", "S"}, {"cl", "d"}, {"d", "cl"},
                                                        {"B", "8"},  {"8", "B"},  {"6", "b"}, {"Z", "2"},  {"2", "Z"},
                                                        {"vv", "w"}, {"ü", "ii"}, {"é", "e"}, {"g", "q"},  {"h", "b"}}};
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t pair = 0; pair < kLookAlikes.size(); ++pair) {
    for (std::size_t at = text.find(kLookAlikes[pair].first); at != std::string_view::npos;
         at = text.find(kLookAlikes[pair].first, at + 1)) {
      places.emplace_back(at, pair);
    }
  }
  std::string out(text);
  if (places.empty()) return out;
  const auto [at, pair] = places[rng.below(static_cast<std::uint32_t>(places.size()))];
  return out.replace(at, kLookAlikes[pair].first.size(), kLookAlikes[pair].second);
}

std::string misheard(std::string_view text, Language language, Rng& rng) {
  const std::string low = lower_ascii(text);
  struct Place {
    std::size_t at, size;
    std::string_view heard;
  };
  std::vector<Place> places;
  for (auto [sound, heard] : sounds_of(language)) {
    const bool begins = sound.starts_with('^');
    const bool ends = sound.ends_with('$');
    sound = sound.substr(begins ? 1 : 0, sound.size() - (begins ? 1 : 0) - (ends ? 1 : 0));
    for (std::size_t at = low.find(sound); at != std::string::npos; at = low.find(sound, at + 1)) {
      const std::size_t after = at + sound.size();
      const bool at_beginning = at == 0 || low[at - 1] == ' ' || low[at - 1] == '-';
      const bool at_end = after == low.size() || low[after] == ' ' || low[after] == '-';
      // A name of two letters would not be one with a letter less.
      if ((begins && !at_beginning) || (ends && !at_end) || low.size() < 3) continue;
      places.push_back({at, sound.size(), heard});
    }
  }
  std::string out(text);
  if (places.empty()) return out;
  const Place place = places[rng.below(static_cast<std::uint32_t>(places.size()))];
  const auto is_capital = [&](std::size_t at) { return out[at] >= 'A' && out[at] <= 'Z'; };
  const auto raise = [&](std::size_t at) {
    if (at < out.size() && out[at] >= 'a' && out[at] <= 'z') out[at] = static_cast<char>(out[at] & ~0x20);
  };
  const bool capital = is_capital(place.at);
  out.replace(place.at, place.size, place.heard);
  if (capital) raise(place.at);
  return out;
}

std::string without_accents(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return by_character(text, [](std::string_view character) { return plain_of(character); });
}

std::string transliterated(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return by_character(text, [](std::string_view character) {
    const auto* const found = std::ranges::find(kSpelledOut, character, &Pair::first);
    return found == kSpelledOut.end() ? plain_of(character) : found->second;
  });
}

std::string without_letters(std::string_view text, Rng& rng) {
  const bool marked = rng.chance(0.5);
  return by_character(text, [&](std::string_view) { return std::string_view(marked ? "?" : ""); });
}

std::string mojibake(std::string_view text) {
  // What Windows-1252 has between 0x80 and 0x9F; 0 where it has nothing, and where a system puts a question mark.
  static constexpr std::array<std::uint16_t, 32> kUpper = {
      0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
  if (is_ascii(text)) return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 && byte < 0xA0) {
      const std::uint32_t code = kUpper[byte - 0x80U];
      put_utf8(out, code == 0 ? '?' : code);
    } else {
      put_utf8(out, byte);
    }
  }
  return out;
}

std::string upper_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c >= 'a' && c <= 'z') {
      out += static_cast<char>(c & ~0x20);
    } else if (text.substr(at, 2) == "ß") {
      out += "SS";
      ++at;
    } else if (c == '\xC3' && at + 1 < text.size()) {
      // The small letters of Latin-1 stand 0x20 after the capitals; a division sign and ÿ do not.
      const auto low = static_cast<unsigned char>(text[++at]);
      out += c;
      out += static_cast<char>(low >= 0xA0 && low < 0xBF && low != 0xB7 ? low - 0x20 : low);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace hilo::world
