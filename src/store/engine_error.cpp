// What the engine says of a fault, made into an Error that may be shown and logged.
#include <algorithm>
#include <cerrno>
#include <system_error>

#include <duckdb.h>

#include "base/text.h"
#include "store/durable.h"
#include "store/engine_state.h"
#include "store/log_check.h"

namespace hilo::store {

namespace {

// The words of the engine's own that errors about values are made of; everything else in them may be a value.
constexpr std::string_view kEngineWords =
    "conversion error invalid input out of range constraint could not convert parse string to when casting from "
    "source column type with value can't cannot be cast because the is for destination field format expected according "
    "specifier timestamp date time interval overflow in multiplication addition subtraction division by zero a an and "
    "or "
    "as it on at this that day write month week year step last first before lies after series has more than days ask "
    "weeks shorter logarithm negative number square root argument function must missing regex pattern index "
    "int8 int16 int32 int64 int128 tinyint smallint integer bigint hugeint uint8 uint16 uint32 uint64 float double "
    "decimal varchar boolean bool blob uuid list struct map null try_cast cast use instead precision scale null yyyy "
    "mm dd "
    "hh ss did you mean steps no such there of "
    // texts and lists that grow too large; 4294967295 is the longest text
    "create string size maximum supported 4294967295 exceeds exceeded limit length result would be list array too "
    "large elements rows characters bytes allocate failed unable "
    // functions and their arguments
    "unsupported unknown unrecognized option empty literal operator arguments types match matches escape ascii utf8 "
    "unicode json malformed character position sequence encoding quantile quantiles range infinity nan "
    "unterminated trailing unexpected end parenthesis repetition "
    // files
    "file files parquet metadata footer header corrupt corrupted damaged decompression decompress compression codec "
    "failure snappy zstd gzip dictionary buffer chunk offset";

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '\'' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Puts *** in place of whatever an error says that neither the engine's vocabulary nor the statement holds: it may be
// somebody's name or address. The lines that quote the statement stay.
std::string without_values(std::string_view message, std::string_view sql) {
  if (message.starts_with('{')) return std::string(message);  // errors_as_json: asked for only where there are no data
  static const std::vector<std::string_view> kKnown = split(kEngineWords, ' ');
  const std::string statement = lower_ascii(sql);
  const std::size_t body = std::min(message.find("\n\nLINE "), message.size());
  std::string out;
  for (std::size_t at = 0; at < body;) {
    std::size_t end = at;
    while (end < body && is_word_byte(message[end])) ++end;
    if (end == at) {
      out += message[at++];
      continue;
    }
    const std::string word = lower_ascii(message.substr(at, end - at));
    std::string_view bare = word;
    while (bare.starts_with('\'')) bare.remove_prefix(1);
    while (bare.ends_with('\'')) bare.remove_suffix(1);
    const bool known =
        bare.empty() || std::ranges::find(kKnown, bare) != kKnown.end() || statement.find(bare) != std::string::npos;
    out += known ? std::string(message.substr(at, end - at)) : "***";
    at = end;
  }
  return out + std::string(message.substr(body));
}

bool quotes_values(duckdb_error_type type) {
  return type == DUCKDB_ERROR_CONVERSION || type == DUCKDB_ERROR_INVALID_INPUT || type == DUCKDB_ERROR_OUT_OF_RANGE ||
         type == DUCKDB_ERROR_CONSTRAINT;
}

// Faults of the disk come under other types than that of files, too: a commit that cannot be written is one of
// transactions, and the appender gives no type at all.
bool may_be_of_the_system(std::string_view message, duckdb_error_type type) {
  if (type != DUCKDB_ERROR_INVALID) {
    return type == DUCKDB_ERROR_IO || type == DUCKDB_ERROR_TRANSACTION || type == DUCKDB_ERROR_FATAL ||
           type == DUCKDB_ERROR_INTERNAL;
  }
  return message.starts_with("IO Error") || message.starts_with("TransactionContext Error") ||
         message.starts_with("FATAL Error") || message.starts_with("Failed to append: Failed to commit");
}

// The first file of the log that a message names, as the workspace does: "log/000001/orders.rows-000.parquet". Such a
// name holds nobody's data: the program made it.
std::string log_file_in(std::string_view message) {
  constexpr std::string_view kFolder = "/log/";
  constexpr std::size_t kDigits = 6;
  const auto in_name = [](char c) { return is_word_byte(c) ? c != '\'' : c == '.' || c == '-'; };
  for (std::size_t at = message.find(kFolder); at != std::string_view::npos; at = message.find(kFolder, at + 1)) {
    const std::string_view name = message.substr(at + 1);
    std::size_t end = kFolder.size() - 1 + kDigits;
    const bool numbered =
        name.size() > end && name[end] == '/' &&
        std::ranges::all_of(name.substr(kFolder.size() - 1, kDigits), [](char c) { return c >= '0' && c <= '9'; });
    if (!numbered) continue;
    ++end;
    while (end < name.size() && in_name(name[end])) ++end;
    if (name.substr(0, end).ends_with(".parquet")) return std::string(name.substr(0, end));
  }
  return {};
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

std::string advice(duckdb_error_type type, int system_error) {
  if (type == DUCKDB_ERROR_OUT_OF_MEMORY) return "Give it more: engine.memory_limit in hilo.yaml.";
  return std::string(advice_for(system_error));
}

}  // namespace

int system_error_in(std::string_view message) {
  for (const int number : {ENOSPC, EDQUOT, EFBIG, EIO, EROFS, EACCES, EPERM}) {
    if (message.contains(std::system_category().message(number))) return number;
  }
  return message.contains("fsync failed") ? EIO : 0;
}

Error engine_error(std::string_view message, duckdb_error_type type, std::string_view sql) {
  const bool values = quotes_values(type);
  const int system_error = may_be_of_the_system(message, type) ? system_error_in(message) : 0;
  const bool machine = type == DUCKDB_ERROR_IO || type == DUCKDB_ERROR_OUT_OF_MEMORY || system_error != 0;
  const std::string_view told = trim(message).substr(0, trim(message).find("\n\nLINE "));
  // What cannot be opened may be a matter of rights or of too many open files.
  const bool read = system_error == 0 && !told.contains("Cannot open file");
  if (const std::string file = read ? log_file_in(told) : ""; !file.empty()) {
    return Error{.code = machine ? ErrorCode::kIo : ErrorCode::kInvalidInput,
                 .message = file + " cannot be read: it is damaged, cut off or missing",
                 .advice = std::string(kRestoreLog)};
  }
  const bool ours = type == DUCKDB_ERROR_INTERNAL || type == DUCKDB_ERROR_FATAL;
  return Error{.code = machine ? ErrorCode::kIo
                       : ours  ? ErrorCode::kInternal
                               : ErrorCode::kInvalidInput,
               // Behind the first line the engine gives settings to try, or its stack.
               .message = values ? without_values(trim(message), sql)
                                 : std::string(trim(machine ? first_line(message) : message)),
               .advice = advice(type, system_error)};
}

}  // namespace hilo::store
