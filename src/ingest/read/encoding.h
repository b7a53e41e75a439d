// The character encoding of a text file: found out or stated, and turned into UTF-8 as it is read.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "ingest/read/byte_stream.h"

namespace hilo::ingest {

enum class Encoding : std::uint8_t {
  kUtf8,
  kUtf16Le,
  kUtf16Be,
  kLatin1,
  kWindows1252,
  kMixed,  ///< each line UTF-8 if it is well-formed, else windows-1252: files put together of two systems' deliveries
};

/// Returns the name of an encoding as a user writes it: utf-8, utf-16le, utf-16be, latin-1, windows-1252,
/// mixed.
[[nodiscard]] std::string_view encoding_name(Encoding encoding);

/// Returns the encoding a user names, in any case, with the usual aliases (utf8, latin1, iso-8859-1, cp1252 ...).
/// **Errors**: kInvalidDefinition with the nearest known name; plain "utf-16" is refused, since it does not say which.
[[nodiscard]] Result<Encoding> parse_encoding(std::string_view name);

/// Finds out the encoding of a text, reading it to its end unless a byte order mark tells at once. In this order: a
/// mark; NUL bytes standing in every second place of the first 64 KiB -> UTF-16; well-formed UTF-8, or nearly (at least
/// four well-formed multi-byte characters for each byte that is not UTF-8: then the rows with such bytes are bad, not
/// the file) -> UTF-8; more well-formed characters than chance makes in other encodings (one for 20 such bytes) ->
/// mixed; a byte 0x80-0x9F -> windows-1252; else Latin-1. An empty text is UTF-8. **Errors**: those of `read`.
[[nodiscard]] Result<Encoding> detect_encoding(ByteStream& bytes);

/// Returns the text as UTF-8, without its byte order mark, converted as it is read (ICU). UTF-8 passes unchecked. Input
/// that is no text in `encoding` (half a UTF-16 pair) comes out as the byte 0xFF, which no UTF-8 holds, so that the row
/// with it is rejected and not quietly altered. **Errors**: kInternal when ICU lacks the converter; later those of
/// `read`.
[[nodiscard]] Result<std::unique_ptr<ByteStream>> make_utf8(std::unique_ptr<ByteStream> bytes, Encoding encoding);

}  // namespace hilo::ingest
