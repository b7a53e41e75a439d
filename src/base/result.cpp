#include "base/result.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

namespace hilo {

std::string Error::text() const {
  std::string place;
  if (!position.file.empty()) {
    place = position.file;
    if (position.line > 0) place += fmt::format(":{}", position.line);
    if (position.line > 0 && position.column > 0) place += fmt::format(":{}", position.column);
    place += ": ";
  }
  std::string out = place + message;
  if (cause != nullptr) out += "\n  because: " + cause->text();
  if (!advice.empty()) out += "\n  " + advice;
  return out;
}

std::unexpected<Error> fail(ErrorCode code, std::string message, std::string advice) {
  return std::unexpected(Error{.code = code, .message = std::move(message), .advice = std::move(advice)});
}

std::unexpected<std::vector<Error>> one_error(Error error) { return std::unexpected(std::vector{std::move(error)}); }

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidDefinition:
    case ErrorCode::kInvalidInput:
    case ErrorCode::kNotFound:
    case ErrorCode::kAmbiguous:
    case ErrorCode::kConflict:
    case ErrorCode::kVersion: return 1;
    case ErrorCode::kUsage: return 2;
    case ErrorCode::kIo:
    case ErrorCode::kInternal: return 3;
  }
  return 3;
}

std::string_view code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidDefinition: return "invalid_definition";
    case ErrorCode::kInvalidInput: return "invalid_input";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kAmbiguous: return "ambiguous";
    case ErrorCode::kConflict: return "conflict";
    case ErrorCode::kVersion: return "version";
    case ErrorCode::kUsage: return "usage";
    case ErrorCode::kIo: return "io";
    case ErrorCode::kInternal: return "internal";
  }
  return "internal";
}

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "hilo: %s:%d: internal check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace hilo
