// Which files hold a text, as bytes: the proof that something is gone, and the search for where else it stands.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace hilo::app {

/// Returns the regular files below `folder`, by path, in which one of the texts stands as a word of its own, whatever
/// the case of its ASCII letters. Links are not followed; what is compressed is not unpacked; files that cannot be
/// read are returned in `unread`.
/// **Requires**: texts in lower case, none empty.
struct BytesFound {
  std::vector<std::filesystem::path> files;
  std::vector<std::filesystem::path> unread;
};
[[nodiscard]] BytesFound find_bytes(const std::filesystem::path& folder, const std::vector<std::string>& texts);

}  // namespace hilo::app
