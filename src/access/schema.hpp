#pragma once
#include "store/migration.hpp"

namespace daicho::access {

/// Accounts, sessions, counters, delegations. After store::migrations() in main's list.
[[nodiscard]] store::MigrationSet migrations();

}  // namespace daicho::access
