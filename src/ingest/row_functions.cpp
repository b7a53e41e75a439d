#include "ingest/row_functions.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/row_rules.h"
#include "ingest/source_words.h"

namespace hilo::ingest {
namespace {

using store::Answers;
using store::Chunk;

using CutText = std::optional<std::string_view> (*)(std::string_view);

// Answers with a part of each text. Most texts are whole already: then the texts themselves are the answer.
Status cut_texts(const Chunk& rows, Answers& answers, CutText cut) {
  const std::size_t size = rows.size();
  std::size_t row = 0;
  for (; row < size; ++row) {
    if (rows.is_null(0, row)) continue;
    const std::string_view text = rows.text(0, row);
    const std::optional<std::string_view> part = cut(text);
    if (!part || part->size() != text.size()) break;
  }
  if (row == size) {
    answers.same_as(0);
    return {};
  }
  for (row = 0; row < size; ++row) {
    const std::optional<std::string_view> part = rows.is_null(0, row) ? std::nullopt : cut(rows.text(0, row));
    part ? answers.text(row, *part) : answers.null(row);
  }
  return {};
}

// The spellings that a block of rows holds are few: each is looked at once.
template <class T>
class Spellings {
 public:
  struct Known {
    std::string_view spelling;
    T meaning;
  };

  template <class Find>
  T& of(std::string_view spelling, const Find& find) {
    for (Known& known : known_) {
      if (known.spelling == spelling) return known.meaning;
    }
    // Where they are many after all, the latest ones are as good as any.
    if (known_.size() == kMost) known_.clear();
    known_.push_back({spelling, find(spelling)});
    return known_.back().meaning;
  }

 private:
  static constexpr std::size_t kMost = 16;
  std::vector<Known> known_;
};

struct StandardName {
  std::optional<std::string> name;
  std::optional<std::size_t> row = {};  // where it was answered first
};

Status standardise_types(const Chunk& rows, Answers& answers) {
  Spellings<StandardName> spellings;
  const auto find = [](std::string_view lower) { return StandardName{standard_type(lower)}; };
  std::size_t row = 0;
  for (; row < rows.size(); ++row) {
    if (!rows.is_null(0, row) && spellings.of(rows.text(0, row), find).name != rows.text(0, row)) break;
  }
  if (row == rows.size()) {
    answers.same_as(0);
    return {};
  }
  for (row = 0; row < rows.size(); ++row) {
    StandardName* type = rows.is_null(0, row) ? nullptr : &spellings.of(rows.text(0, row), find);
    if (type == nullptr || !type->name) {
      answers.null(row);
    } else if (type->row) {
      answers.repeat_text(row, *type->row);
    } else {
      answers.text(row, *type->name);
      type->row = row;
    }
  }
  return {};
}

template <class Holds>
Status decide(const Chunk& rows, Answers& answers, const Holds& holds) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    rows.is_null(0, row) ? answers.null(row) : answers.boolean(row, holds(rows.text(0, row)));
  }
  return {};
}

Status recognise_currencies(const Chunk& rows, Answers& answers) {
  Spellings<bool> spellings;
  const auto find = [](std::string_view code) { return is_currency(std::string(code)); };
  return decide(rows, answers, [&](std::string_view code) { return spellings.of(code, find); });
}

store::FunctionSignature of_text(std::string name, std::string result) {
  return {.name = std::move(name), .arguments = {"VARCHAR"}, .result = std::move(result)};
}

}  // namespace

Status add_row_functions(store::Connection& connection) {
  const auto add_cut = [&](const char* name, CutText cut) {
    return connection.add_function(
        of_text(name, "VARCHAR"), [cut](const Chunk& rows, Answers& answers) { return cut_texts(rows, answers, cut); });
  };
  HILO_TRY(add_cut("meant_text", meant_text));
  HILO_TRY(add_cut("meant_own_id", meant_own_id));
  HILO_TRY(add_cut("meant_id", meant_id));
  HILO_TRY(connection.add_function(of_text("standard_type_of_lower", "VARCHAR"), standardise_types));
  HILO_TRY(connection.add_function(of_text("has_offset", "BOOLEAN"), [](const Chunk& rows, Answers& answers) {
    return decide(rows, answers, has_offset);
  }));
  return connection.add_function(of_text("is_currency", "BOOLEAN"), recognise_currencies);
}

}  // namespace hilo::ingest
