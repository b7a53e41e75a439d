// What the tests of definitions share: the tables of a small shop, an in-memory engine, errors as one text.
#pragma once

#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "expr/attributes.h"
#include "store/database.h"

namespace hilo::expr {

inline std::vector<TableSchema> shop_schema() {
  const std::vector<store::Column> base = {
      {"customer_id", "BIGINT"}, {"time", "TIMESTAMP"},  {"time_utc", "TIMESTAMP"},   {"seq", "BIGINT"},
      {"type", "VARCHAR"},       {"channel", "VARCHAR"}, {"amount", "DECIMAL(18,4)"}, {"order_id", "VARCHAR"}};
  std::vector<store::Column> events = base;
  events.push_back({"rating", "DOUBLE"});
  events.push_back({"points", "INTEGER"});
  std::vector<store::Column> items = base;
  for (const store::Column& column : std::vector<store::Column>{{"line", "INTEGER"},
                                                                {"sku", "VARCHAR"},
                                                                {"category", "VARCHAR"},
                                                                {"quantity", "INTEGER"},
                                                                {"price", "DECIMAL(18,4)"}}) {
    items.push_back(column);
  }
  const std::vector<store::Column> versions = {{"customer_id", "BIGINT"}, {"time", "TIMESTAMP"},
                                               {"time_utc", "TIMESTAMP"}, {"seq", "BIGINT"},
                                               {"source", "VARCHAR"},     {"city", "VARCHAR"}};
  const std::vector<store::Column> customers = {
      {"customer_id", "BIGINT"}, {"full_name", "VARCHAR"}, {"birth_date", "DATE"}, {"country", "VARCHAR"}};
  return {{"events", events}, {"items", items}, {"versions", versions}, {"customers", customers}};
}

/// An in-memory engine.
class Engine {
 public:
  explicit Engine(int threads = 1) : database_(open(threads)), connection_(connect(database_)) {}
  store::Connection& connection() { return connection_; }

 private:
  static store::Database open(int threads) {
    auto database = store::Database::open("", {.threads = threads, .memory_limit = "1GB"});
    if (!database) ADD_FAILURE() << database.error().text();
    HILO_CHECK(database.has_value());
    return *database;
  }
  static store::Connection connect(store::Database& database) {
    auto connection = database.connect();
    HILO_CHECK(connection.has_value());
    return *connection;
  }
  store::Database database_;
  store::Connection connection_;
};

/// Makes files of texts, named a, b, c ...
inline std::vector<DefinitionFile> files_of(const std::vector<std::string>& texts) {
  std::vector<DefinitionFile> files;
  for (std::size_t at = 0; at < texts.size(); ++at) {
    const std::string name(1, static_cast<char>('a' + at));
    files.push_back({"attributes/" + name + ".sql", name, texts[at]});
  }
  return files;
}

/// A canonical text that is easier to read: each column in the place of the copy that a TRY reads.
inline std::string without_copies(const std::string& text) {
  static const std::regex kCopy(R"(CASE  WHEN \(\((\S+) IS NOT NULL\)\) THEN \(\1\) ELSE NULL END)");
  return std::regex_replace(text, kCopy, "$1");
}

/// One line per error: `a 1:8 message | advice`.
inline std::string lines_of(const std::vector<Error>& errors) {
  std::string lines;
  for (const Error& error : errors) {
    std::string file = error.position.file;
    if (const auto slash = file.rfind('/'); slash != std::string::npos) file.erase(0, slash + 1);
    lines += file.substr(0, file.find('.')) + " " + std::to_string(error.position.line) + ":" +
             std::to_string(error.position.column) + " " + error.message + "\n";
  }
  return lines;
}

/// The errors of definitions as one text, or "" when there are none.
inline std::string errors_of(const std::vector<std::string>& texts) {
  Engine engine;
  const auto program = compile_attributes(files_of(texts), shop_schema(), engine.connection());
  return program ? std::string() : lines_of(program.error());
}

}  // namespace hilo::expr
