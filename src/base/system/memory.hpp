#pragma once
// What the process keeps of memory that it no longer uses.

namespace daicho {

/// Gives free pages of the allocator back to the system. Takes milliseconds: for the end of work
/// that needed much memory, so that an idle server is small. Thread-safe; does nothing where the
/// allocator has no such call.
void give_back_free_memory() noexcept;

}  // namespace daicho
