// Owners of DuckDB's C handles: each is destroyed once, by its own function. Seen inside store only.
#pragma once

#include <string_view>
#include <utility>

#include <duckdb.h>

namespace hilo::store {

template <class T, void (*kDestroy)(T*)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(T value) : value_(value) {}
  Handle(Handle&& other) noexcept : value_(std::exchange(other.value_, T{})) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (value_ != nullptr) kDestroy(&value_);
  }
  [[nodiscard]] T get() const { return value_; }
  [[nodiscard]] T* out() { return &value_; }

 private:
  T value_{};
};

inline void destroy_appender(duckdb_appender* appender) { duckdb_appender_destroy(appender); }

using DatabaseHandle = Handle<duckdb_database, duckdb_close>;
using ConnectionHandle = Handle<duckdb_connection, duckdb_disconnect>;
using ConfigHandle = Handle<duckdb_config, duckdb_destroy_config>;
using StatementHandle = Handle<duckdb_prepared_statement, duckdb_destroy_prepare>;
using ExtractedHandle = Handle<duckdb_extracted_statements, duckdb_destroy_extracted>;
using PendingHandle = Handle<duckdb_pending_result, duckdb_destroy_pending>;
using ChunkHandle = Handle<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using LogicalTypeHandle = Handle<duckdb_logical_type, duckdb_destroy_logical_type>;
using AppenderHandle = Handle<duckdb_appender, destroy_appender>;
using ScalarFunctionHandle = Handle<duckdb_scalar_function, duckdb_destroy_scalar_function>;
using ValueHandle = Handle<duckdb_value, duckdb_destroy_value>;

/// A result is a struct, not a pointer: it has an owner of its own.
class ResultHandle {
 public:
  ResultHandle() = default;
  ResultHandle(const ResultHandle&) = delete;
  ResultHandle& operator=(const ResultHandle&) = delete;
  ~ResultHandle() { duckdb_destroy_result(&result_); }
  [[nodiscard]] duckdb_result* get() { return &result_; }
  [[nodiscard]] duckdb_result* out() { return &result_; }

 private:
  duckdb_result result_{};
};

/// A text that DuckDB allocated.
class OwnedText {
 public:
  OwnedText() = default;
  explicit OwnedText(char* text) : text_(text) {}
  OwnedText(const OwnedText&) = delete;
  OwnedText& operator=(const OwnedText&) = delete;
  ~OwnedText() { duckdb_free(text_); }
  [[nodiscard]] char** out() { return &text_; }
  [[nodiscard]] std::string_view view() const { return text_ == nullptr ? std::string_view{} : text_; }

 private:
  char* text_ = nullptr;
};

}  // namespace hilo::store
