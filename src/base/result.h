// Result and Error: how every function of Hilo reports that it could not do its work.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hilo {

/// Names whose fault an error is and what kind it is. Maps to a process exit code in `exit_code`.
enum class ErrorCode : std::uint8_t {
  kInvalidDefinition,  ///< a workspace file says something that cannot be (source, attribute, segment, settings)
  kInvalidInput,       ///< an outside file or value cannot be read as what it claims to be
  kNotFound,           ///< the thing asked for is not there
  kAmbiguous,          ///< the question has several answers
  kConflict,           ///< somebody else holds what is needed (another run)
  kVersion,            ///< a store or a log was written by a newer program
  kUsage,              ///< the command line is wrong
  kIo,                 ///< the operating system refused (disk full, permission)
  kInternal,           ///< a fault of Hilo
};

/// Where in a text file something stands. `line` and `column` count from 1; 0 = unknown.
struct Position {
  std::string file;
  int line = 0;
  int column = 0;
};

/// Says what went wrong and what to do next. Never holds contact data.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string advice = {};  ///< what the user can do; may be empty
  Position position = {};   ///< the definition at fault, where there is one
  std::shared_ptr<const Error> cause = {};

  /// Renders `file:line:column: message` and the advice on a line of its own.
  [[nodiscard]] std::string text() const;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, std::string message, std::string advice = {});

/// Returns one error as the list that a use case with several findings fails with.
[[nodiscard]] std::unexpected<std::vector<Error>> one_error(Error error);

/// Returns the process exit code of an error: 1 = the user's input, 2 = usage, 3 = ours.
[[nodiscard]] int exit_code(ErrorCode code);
/// Returns the stable snake_case name of a code, as JSON output shows it.
[[nodiscard]] std::string_view code_name(ErrorCode code);

/// Aborts with the failed condition: for faults of the program only, on in every build.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace hilo

// Aborts unless the condition holds. For programmer errors; bad input gets an Error.
#define HILO_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::hilo::check_failed(#condition, __FILE__, __LINE__))

#define HILO_CONCAT_INNER(a, b) a##b
#define HILO_CONCAT(a, b) HILO_CONCAT_INNER(a, b)

// HILO_TRY(expression): returns the error of a Status or Result from the enclosing function.
#define HILO_TRY(expression) HILO_TRY_INNER(HILO_CONCAT(hilo_status_, __COUNTER__), expression)
#define HILO_TRY_INNER(status, expression)                          \
  do {                                                              \
    auto status = (expression);                                     \
    if (!status) return std::unexpected(std::move(status).error()); \
  } while (false)

// HILO_ASSIGN(declaration, expression): declares a variable with the value of a Result, or returns its error.
#define HILO_ASSIGN(declaration, expression) \
  HILO_ASSIGN_INNER(HILO_CONCAT(hilo_result_, __COUNTER__), declaration, expression)
#define HILO_ASSIGN_INNER(result, declaration, expression)        \
  auto result = (expression);                                     \
  if (!result) return std::unexpected(std::move(result).error()); \
  declaration = std::move(*result)
