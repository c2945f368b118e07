#pragma once
// Opening a ledger after whatever happened to it. What a crash can leave is mended and declared;
// what it can't leave is an integrity alarm (Errc::tampered) and nothing is written.
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "ledger/core/origin.hpp"
#include "ledger/write/committer.hpp"
#include "ledger/write/publisher.hpp"

namespace daicho::ledger::write {

struct Recovered {
    std::unique_ptr<Publisher> publisher;
    CommitState state;
    /// Files of earlier runs, oldest first, that are to be sealed (or, without events, dropped).
    std::vector<std::shared_ptr<WalFile>> closed;
    /// Files whose segments have their SEAL leaf already: only their removal was missing.
    std::vector<std::string> already_sealed;
    /// Names of the segments that `closed` becomes. A file of that name may be there already; its
    /// events are read from the WAL until its SEAL leaf is written.
    std::set<std::string> unsealed_files;
    std::uint64_t torn_bytes = 0;  // cut off the tail
};

/// `ledger_directory` is DATA/ledger. Throws IoFault. Refusals: Errc::tampered (damage below the
/// newest checkpoint, or a copy older than the one this machine signed last), Errc::not_found (no
/// ledger, or no key for it).
[[nodiscard]] Result<Recovered> recover(Files& files, Keyring& keyring, const Clock& clock,
                                        const std::string& ledger_directory,
                                        const std::vector<std::string>& classes);

/// Makes an empty ledger; Errc::conflict if there is one.
[[nodiscard]] Status create_ledger(Files& files, Keyring& keyring, const Clock& clock,
                                   const std::string& ledger_directory);

/// Errc::not_found without an origin note, Errc::tampered if it does not fit itself.
[[nodiscard]] Result<core::Origin> read_origin(Files& files, const std::string& ledger_directory);

}  // namespace daicho::ledger::write
