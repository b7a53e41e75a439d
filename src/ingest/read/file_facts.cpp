#include "ingest/read/file_facts.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include "ingest/read/byte_stream.h"

namespace hilo::ingest {

Result<FileFacts> stat_facts(const std::filesystem::path& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) {
    const int reason = errno;
    if (reason == ENOENT || reason == ENOTDIR) {
      return fail(ErrorCode::kNotFound, fmt::format("{} does not exist", path.string()));
    }
    return fail(ErrorCode::kIo,
                fmt::format("{} cannot be looked at: {}", path.string(), std::generic_category().message(reason)));
  }
  if (S_ISDIR(found.st_mode)) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is a directory", path.string()),
                fmt::format("write {} to read the files in it", (path / "*.csv").string()));
  }
  if (!S_ISREG(found.st_mode)) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{} is not a regular file", path.string()));
  }
  const Instant modified_at{std::int64_t{found.st_mtim.tv_sec} * 1'000'000 + found.st_mtim.tv_nsec / 1'000};
  return FileFacts{path, std::int64_t{found.st_size}, modified_at, ""};
}

Result<std::string> hash_file(const std::filesystem::path& path) {
  HILO_ASSIGN(const auto file, open_raw_file(path));
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  HILO_CHECK(digest != nullptr && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1);
  std::vector<char> block(std::size_t{256} * 1024);
  while (true) {
    HILO_ASSIGN(const std::size_t got, file->read(block));
    if (got == 0) break;
    HILO_CHECK(EVP_DigestUpdate(digest.get(), block.data(), got) == 1);
  }
  std::array<unsigned char, 32> sum{};
  unsigned int length = 0;
  HILO_CHECK(EVP_DigestFinal_ex(digest.get(), sum.data(), &length) == 1);
  std::string hex;
  for (const unsigned char byte : sum) hex += fmt::format("{:02x}", byte);
  return hex;
}

Result<std::vector<std::string>> hash_files(std::span<const std::filesystem::path> paths) {
  std::vector<Result<std::string>> hashes(paths.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t at = next++; at < paths.size(); at = next++) hashes[at] = hash_file(paths[at]);
  };
  {
    std::vector<std::jthread> others;
    const std::size_t threads = std::min<std::size_t>(paths.size(), std::thread::hardware_concurrency());
    while (others.size() + 1 < threads) others.emplace_back(work);
    work();
  }
  std::vector<std::string> all;
  for (Result<std::string>& hash : hashes) {
    if (!hash) return std::unexpected(std::move(hash).error());
    all.push_back(std::move(*hash));
  }
  return all;
}

}  // namespace hilo::ingest
