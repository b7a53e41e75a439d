// Shared by the tests of standardising: a table's row, and the checks that every function must pass.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"
#include "ingest/standardise/standard.h"

namespace hilo::ingest {

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest finds it by this name
inline void PrintTo(Standing standing, std::ostream* out) {
  constexpr std::string_view kNames[] = {"standard", "empty", "placeholder", "invalid"};
  *out << kNames[static_cast<std::size_t>(standing)];
}

/// A raw value and what is expected of it; `value` is "" unless kStandard.
struct Case {
  std::string raw;
  Standing standing;
  std::string value = {};
};

inline Case is(std::string raw, std::string value) { return {std::move(raw), Standing::kStandard, std::move(value)}; }
inline Case blank(std::string raw) { return {std::move(raw), Standing::kEmpty}; }
inline Case filler(std::string raw) { return {std::move(raw), Standing::kPlaceholder}; }
inline Case wrong(std::string raw) { return {std::move(raw), Standing::kInvalid}; }

/// Checks what must hold of every answer: a value only if standard, a reason only if refused.
inline void expect_coherent(const Standard& got) {
  EXPECT_EQ(got.standing == Standing::kStandard, !got.value.empty());
  const bool refused = got.standing == Standing::kPlaceholder || got.standing == Standing::kInvalid;
  EXPECT_EQ(refused, !got.reason.empty());
  EXPECT_TRUE(is_utf8(got.value));
}

/// Checks each case, and that each standard form is its own standard form.
template <class Function>
void expect_cases(const std::vector<Case>& cases, Function function) {
  for (const Case& row : cases) {
    SCOPED_TRACE(row.raw);
    const Standard got = function(row.raw);
    expect_coherent(got);
    EXPECT_EQ(got.standing, row.standing) << got.reason;
    EXPECT_EQ(got.value, row.value);
    if (got.standing == Standing::kStandard) {
      EXPECT_EQ(function(got.value).value, got.value) << "not idempotent";
    }
  }
}

/// Values that no one should send and somebody will.
inline std::vector<std::string> hostile_values() {
  const auto repeated = [](std::string_view unit) {
    std::string out;
    while (out.size() + unit.size() <= kRawBytesMax) out += unit;
    return out;
  };
  std::vector<std::string> values = {
      std::string(1, '\0'),
      std::string("a\0b", 3),
      "\xff\xfe",
      "\xc3",
      "\xed\xa0\x80",
      "\xf5\x80\x80\x80",
      "caf\xe9",
      "\xef\xbf\xbd",
      "\xe2\x80\x8b\xe2\x80\x8d\xef\xbb\xbf",
      "\u202eabc\u202c",
      "\u0301\u0301\u0301",
      "a\u0301\u0327\u0323",
      "\u05d0\u05d1\u05d2",
      "\u0645\u062d\u0645\u062f",
      "\U0001F600",
      "\u3164",
      "\u00ad",
      "\ufdfa",
      "@",
      "<>",
      "<<>>",
      "''",
      "\"",
      "'",
      "mailto:",
      "mailto:mailto:",
      "+",
      "++",
      "-",
      ",",
      ",,,",
      ", ,",
      ".",
      " . ",
      "/",
      "//",
      "c/",
      "#",
      "'\"'",
      "<@>",
      ";;;",
      "D-",
      "D--1",
      "0",
      "00",
      "tel:",
      "tel:+1;ext=",
      "ext 5",
      "T00:00:00",
      ":",
      "::",
      "1:",
      "Mr & ",
      "& Mr",
      "y",
      "y y",
  };
  for (const char* unit : {"a",      "1",      " ",      "0",    "@",   ".",      ",",      "-",      "'",
                           "<",      "a ",     "1/",     "de ",  "mr ", "y ",     "a,",     "\u0301", "\u00e9",
                           "\u200b", "\u4e2d", "\ufdfa", "\xff", "a@",  "\u0130", "\u00df", "st ",    "00:"}) {
    values.push_back(repeated(unit));
    values.push_back(repeated(unit).substr(0, 200));
  }
  values.emplace_back(kRawBytesMax + 1, 'a');
  return values;
}

/// Random text over the characters that the parsers look for, and random bytes. Seeded: a failure repeats.
inline std::vector<std::string> random_values(std::size_t count, unsigned seed) {
  static const std::vector<std::string> kUnits = {
      "a",
      "B",
      "z",
      "E",
      "0",
      "1",
      "2",
      "5",
      "9",
      "12",
      "1980",
      " ",
      "  ",
      "-",
      "/",
      ".",
      ",",
      "@",
      "'",
      "\"",
      "<",
      ">",
      ":",
      "+",
      "(",
      ")",
      "&",
      "y",
      "de",
      "van",
      "Mr",
      "Dr.",
      "jr",
      "st",
      "str",
      "c/",
      "com",
      "x.com",
      "mailto:",
      "0034",
      "600",
      "may",
      "\u00e9",
      "\u00df",
      "\u0130",
      "\u0131",
      "\u00f8",
      "\u0301",
      "\u0308",
      "\u200b",
      "\u202e",
      "\u00a0",
      "\u2019",
      "\u00b4",
      "\u0645",
      "\u05d0",
      "\u4e2d",
      "\uff21",
      "\uff10",
      "\u0661",
      "\u00aa",
      "\u00ba",
      "\u1e9e",
      "\u0149",
      "\ufb01",
      "\u03a3",
      "\u0345",
      "\u01c5",
      "\u1f80",
      "\u0967",
      "\u093f",
      "\u30ab",
      "\u3099",
      "\uac00",
      "\u1100",
      "\U0001F600",
      "\t",
      "\n",
      std::string(1, '\0'),
      "\xff",
      "\xc3",
  };
  std::mt19937 random(seed);
  std::vector<std::string> out;
  for (std::size_t made = 0; made < count; ++made) {
    std::string text;
    const bool bytes = made % 16 == 0;
    for (std::size_t left = random() % 14; left > 0; --left) {
      if (bytes) {
        text += static_cast<char>(random() % 256);
      } else {
        // The last two units are not UTF-8; they would drown the rest.
        text += kUnits[random() % (kUnits.size() - (made % 8 == 0 ? 0 : 2))];
      }
    }
    out.push_back(std::move(text));
  }
  return out;
}

/// Checks that hostile and random values get coherent and idempotent answers.
template <class Function>
void expect_total(Function function) {
  std::vector<std::string> values = hostile_values();
  for (std::string& value : random_values(4000, 20111209)) values.push_back(std::move(value));
  for (const std::string& value : values) {
    SCOPED_TRACE(testing::PrintToString(value.substr(0, 80)));
    const Standard got = function(value);
    expect_coherent(got);
    if (got.standing == Standing::kStandard) {
      const Standard again = function(got.value);
      EXPECT_TRUE(again.value == got.value)
          << "not idempotent: " << testing::PrintToString(got.value.substr(0, 80)) << " -> "
          << testing::PrintToString(again.value.substr(0, 80)) << ' ' << again.reason;
    }
    if (testing::Test::HasFailure()) return;
  }
}

/// Checks that two threads that start cold get what one thread gets.
template <class Function>
void expect_thread_safe(Function function) {
  const std::vector<std::string> values = random_values(300, 7);
  const auto run = [&](std::vector<std::string>& out) {
    for (const std::string& value : values) out.push_back(function(value).value);
  };
  std::vector<std::string> first;
  std::vector<std::string> second;
  std::thread one([&] { run(first); });
  std::thread two([&] { run(second); });
  one.join();
  two.join();
  EXPECT_EQ(first, second);
}

}  // namespace hilo::ingest
