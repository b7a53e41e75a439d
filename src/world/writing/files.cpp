#include "world/writing/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "world/chance/randomness.h"

namespace hilo::world {
namespace {

namespace fs = std::filesystem;

// The days of a month, and one more place for files of all time, which have no days.
constexpr std::size_t kDays = 31;
using Lengths = std::array<std::uint64_t, kDays>;

constexpr double kShareDeliveredAgain = 0.04;
constexpr int kDaysUntilAgain = 3;

Status make_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) return unwritable(folder, failure.value());
  return {};
}

Date first_of_next_month(int month) {
  const Result<Date> first = make_date((month + 1) / 12, (month + 1) % 12 + 1, 1);
  HILO_CHECK(first.has_value());
  return *first;
}

// A code point of valid UTF-8 and how many bytes it takes.
std::pair<std::uint32_t, std::size_t> code_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t at = 1; at < length; ++at) code = code << 6U | (static_cast<unsigned char>(text[at]) & 0x3FU);
  return {code, length};
}

void append_utf16(std::uint32_t code, std::string& out) {
  const auto unit = [&](std::uint32_t value) {
    out += static_cast<char>(value & 0xFFU);
    out += static_cast<char>(value >> 8U);
  };
  if (code < 0x10000) {
    unit(code);
  } else {
    unit(0xD800 + ((code - 0x10000) >> 10U));
    unit(0xDC00 + ((code - 0x10000) & 0x3FFU));
  }
}

}  // namespace

std::unexpected<Error> unwritable(const fs::path& path, int number) {
  return fail(ErrorCode::kIo,
              fmt::format("{} cannot be written: {}", path.string(), std::system_category().message(number)));
}

std::string encoded(std::string_view utf8, Encoding encoding) {
  if (encoding == Encoding::kUtf8) return std::string(utf8);
  std::string out;
  out.reserve(encoding == Encoding::kUtf16 ? utf8.size() * 2 : utf8.size());
  while (!utf8.empty()) {
    const auto [code, length] = code_point(utf8);
    utf8.remove_prefix(length);
    if (encoding == Encoding::kUtf16) {
      append_utf16(code, out);
    } else {
      out += code < 0x100 ? static_cast<char>(code) : '?';
    }
  }
  return out;
}

DeliveryFiles::DeliveryFiles(fs::path folder, fs::path waiting)
    : folder_(std::move(folder)), waiting_(std::move(waiting)) {}

DeliveryFiles::~DeliveryFiles() {
  std::error_code ignored;  // what cannot be removed is in the way of nobody but the next world here, which says so
  fs::remove_all(waiting_, ignored);
}

DeliveryFiles::Key DeliveryFiles::key_of(Silo silo, Part part, Date day) {
  if (form_of(silo).once) return {silo, part, 0};
  const CivilDate date = civil(day);
  return {silo, part, date.year * 12 + date.month - 1};
}

fs::path DeliveryFiles::waiting_path(const Key& key) const {
  return waiting_ / fmt::format("{}-{}-{}", static_cast<int>(key.silo), static_cast<int>(key.part), key.month);
}

fs::path DeliveryFiles::final_path(const Key& key, bool again) const {
  const SiloForm& form = form_of(key.silo);
  const std::string month = key.month == 0 ? "" : fmt::format("_{:04}-{:02}", key.month / 12, key.month % 12 + 1);
  const std::string_view which = again ? "_again" : key.part == Part::kRest ? "_rest" : "";
  return folder_ / form.folder / fmt::format("{}{}{}.{}", form.name, month, which, form.extension);
}

Status DeliveryFiles::add(const Rows& rows, Date until) {
  HILO_TRY(make_folder(waiting_));
  // Rows stand by silo, part and day: those of one file stand together.
  for (auto row = rows.texts.begin(); row != rows.texts.end();) {
    const Key key = key_of(row->first.silo, row->first.part, row->first.day);
    Lengths lengths{};
    const auto first = row;
    for (; row != rows.texts.end() && key_of(row->first.silo, row->first.part, row->first.day) == key; ++row) {
      if (row->first.day >= until) continue;
      lengths.at(civil(row->first.day).day - 1U) += row->second.size();
      rows_.at(static_cast<std::size_t>(key.silo)) += std::ranges::count(row->second, '\n');  // a row is a line
    }
    if (std::ranges::all_of(lengths, [](std::uint64_t length) { return length == 0; })) continue;
    const fs::path path = waiting_path(key);
    std::ofstream out(path, std::ios::binary | std::ios::app);
    out.write(reinterpret_cast<const char*>(lengths.data()), sizeof lengths);
    for (auto text = first; text != row; ++text) {
      if (text->first.day < until) out << text->second;
    }
    out.flush();
    if (!out) return unwritable(path, errno);
    ++chunks_[key];
  }
  return {};
}

std::string_view DeliveryFiles::header_of(Silo silo) const {
  const auto own = headers_.find(silo);
  return own == headers_.end() ? form_of(silo).header : std::string_view(own->second);
}

Result<std::uint64_t> DeliveryFiles::put_in_order(const Key& key) {
  const SiloForm& form = form_of(key.silo);
  const fs::path from = waiting_path(key);
  const fs::path path = final_path(key, false);
  HILO_TRY(make_folder(path.parent_path()));
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (form.encoding == Encoding::kUtf16) out << "\xFF\xFE";
  out << encoded(header_of(key.silo), form.encoding);
  if (const auto chunks = chunks_.find(key); chunks->second > 0) {
    std::ifstream in(from, std::ios::binary);
    std::vector<std::pair<std::uint64_t, Lengths>> index(chunks->second);  // where a chunk's next day begins
    std::uint64_t at = 0;
    for (auto& [begin, lengths] : index) {
      in.seekg(static_cast<std::streamoff>(at));
      in.read(reinterpret_cast<char*>(lengths.data()), sizeof lengths);
      begin = at + sizeof lengths;
      at = begin;
      for (const std::uint64_t length : lengths) at += length;
    }
    std::string text;
    for (std::size_t day = 0; day < kDays; ++day) {
      for (auto& [begin, lengths] : index) {
        text.resize(lengths.at(day));
        if (text.empty()) continue;
        in.seekg(static_cast<std::streamoff>(begin));
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
        begin += text.size();
        if (form.encoding == Encoding::kUtf8) {
          out << text;
        } else {
          out << encoded(text, form.encoding);
        }
      }
    }
    if (!in) {
      return fail(ErrorCode::kIo, fmt::format("{} cannot be read", from.string()), "Something else has changed it.");
    }
    in.close();
    std::error_code ignored;  // removed with its folder in the end
    fs::remove(from, ignored);
  }
  const auto bytes = static_cast<std::uint64_t>(out.tellp());
  out.flush();
  if (!out) return unwritable(path, errno);
  return bytes;
}

Result<std::uint64_t> DeliveryFiles::deliver_again(const Key& key, std::uint64_t seed, Date until) {
  if (key.month == 0 || key.part != Part::kRegular || form_of(key.silo).folder == "truth") return 0;
  if (first_of_next_month(key.month).days + kDaysUntilAgain > until.days) return 0;
  const std::uint64_t file = static_cast<std::uint64_t>(key.month) * kSilos + static_cast<std::uint64_t>(key.silo);
  if (!lasting_chance(seed, PersonId{file}, Purpose::kDelivering).chance(kShareDeliveredAgain)) return 0;
  const fs::path path = final_path(key, true);
  std::error_code failure;
  fs::copy_file(final_path(key, false), path, failure);
  if (failure) return unwritable(path, failure.value());
  return fs::file_size(path);
}

Result<std::uint64_t> DeliveryFiles::finish(std::uint64_t seed, Date opened_on, Date until) {
  // A silo always has its first file, so that a source finds one to read; JSON lines without a line are no file.
  for (std::size_t silo = 0; silo < kSilos; ++silo) {
    const auto which = static_cast<Silo>(silo);
    if (!form_of(which).header.empty()) chunks_.try_emplace(key_of(which, Part::kRegular, opened_on), 0);
  }
  std::uint64_t bytes = 0;
  for (const auto& [key, chunks] : chunks_) {
    HILO_ASSIGN(const std::uint64_t written, put_in_order(key));
    HILO_ASSIGN(const std::uint64_t copied, deliver_again(key, seed, until));
    bytes += written + copied;
  }
  std::error_code ignored;  // the destructor tries again
  fs::remove_all(waiting_, ignored);
  return bytes;
}

}  // namespace hilo::world
