#pragma once
// Verifies a ledger directory, the data directory around it, or an export bundle, from its bytes
// alone (docs/verification.md). Reads only. Memory does not grow with the ledger, but for some 200
// bytes per segment file.
#include <functional>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "ledger/core/tlog/note.hpp"
#include "ledger/core/verify/report.hpp"

namespace daicho::ledger::core::verify {

/// Told what a deep verification comes across, so that something else can be compared with the
/// ledger. What is told twice (a segment is sealed and its write-ahead log still there) is the
/// same.
class Observer {
public:
    virtual ~Observer() = default;
    /// Whose events are told.
    [[nodiscard]] virtual std::string_view retention_class() const = 0;
    /// The ledger is read again, because it changed meanwhile: all that was told is void.
    virtual void restart() = 0;
    /// An event whose bytes were led to its leaf; in no particular order.
    virtual void event(std::uint64_t seq, std::string_view source, ByteView raw) = 0;
    /// A leaf other than BATCH, in the order of the tree.
    virtual void notice(std::uint64_t leaf_index, const NoticeLeaf& leaf) = 0;
    /// Events in this range may be missing: they were destroyed as a RETIRE leaf says.
    virtual void destroyed(SeqRange range) = 0;
};

struct Options {
    /// Also decrypt and hash every event again. Needs `keys_directory`.
    bool deep = false;
    std::string keys_directory;
    /// The keys were found beside `path`: so it is a data directory, and no bundle.
    bool keys_lie_beside = false;
    /// Compare the log key with this one.
    std::optional<VerifierKey> log_key;
    /// A checkpoint remembered from earlier (the whole note): the ledger must continue it.
    std::optional<std::string> since;
    std::size_t findings_max = 100;
    /// Asked between leaves; true stops with Errc::unavailable.
    std::function<bool()> cancelled;
    /// With `deep` only. May be null.
    Observer* observer = nullptr;
};

/// A bundle is what is named itself, has no write-ahead log and does not lie in a data directory:
/// nothing else may lack one. Errc::not_found: there is no ledger at `path`; Errc::invalid: the
/// options can't be followed (no keys, `since` is no note); Errc::unavailable: cancelled.
/// Everything else, unreadable files included, is in the report. A ledger that is being written is
/// read again when it changed meanwhile.
[[nodiscard]] Result<Report> verify_ledger(Files& files, const std::string& path,
                                           const Options& options);

}  // namespace daicho::ledger::core::verify
