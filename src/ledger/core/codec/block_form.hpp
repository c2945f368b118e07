#pragma once
// What both halves of the block codec must agree on (docs/formats/block.md).
#include <cstdint>

namespace daicho::ledger::core {

/// "DBK" and the version of the format.
inline constexpr std::uint32_t block_magic = 0x44424b01;

}  // namespace daicho::ledger::core
