// How much memory the engine takes, and the process around it.
#pragma once

#include <cstdint>
#include <string_view>

namespace hilo::store {

/// Returns the engine's memory where no setting says otherwise: 4 GB, on a machine with less than 6.7 GB 60 % of what
/// it has. **Units**: bytes.
[[nodiscard]] std::uint64_t default_memory_bytes();

/// Returns the bytes of a size as settings write it ("512MB", "4GB", "1TB"; powers of ten), 0 for what is none.
[[nodiscard]] std::uint64_t bytes_of_size(std::string_view size);

/// Keeps the process from growing much past the engine's memory: by twice that and 1 GB more than it holds now. The
/// engine does not count what one block of rows makes (lists, long texts); where that has no end, the allocation fails
/// and with it the query, before the machine is out of memory. A bound that was wider before stays; never an error.
void bound_process_memory(std::uint64_t engine_bytes);

}  // namespace hilo::store
