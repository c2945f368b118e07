#pragma once
// One process at a time works on a data directory: on the ledger, and on whatever lies beside it.
#include <memory>
#include <string>

#include "base/files.hpp"

namespace daicho::ledger {

/// Held as long as anybody has the pointer.
using DataLock = std::shared_ptr<const FileLock>;

/// To be taken before anything in `data_directory` is opened. Errc::locked: another process has
/// it. Errc::not_found: there is no ledger, and nothing was made.
[[nodiscard]] Result<DataLock> lock_data(Files& files, const std::string& data_directory);

}  // namespace daicho::ledger
