#pragma once
// What the process keeps of memory that it no longer uses.

namespace daicho {

/// From now on the allocator keeps up to 32 MiB at the end of each of its heaps instead of giving
/// them back at once: who unpacks one block of a megabyte after the other would have the kernel
/// clear the same pages for each (a sixth of a deep verification). For the beginning of main().
void keep_freed_memory() noexcept;

/// Gives free pages of the allocator back to the system. Takes milliseconds: for the end of work
/// that needed much memory, so that an idle server is small. Thread-safe; does nothing where the
/// allocator has no such call.
void give_back_free_memory() noexcept;

}  // namespace daicho
