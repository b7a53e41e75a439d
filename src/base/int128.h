// The integer of 128 bits that compilers have and the language does not.
#pragma once

namespace hilo {

__extension__ typedef __int128 Int128;  // NOLINT(modernize-use-using): only a typedef may be marked as an extension

}  // namespace hilo
