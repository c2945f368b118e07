#pragma once
// Linux audit records: `type=SYSCALL msg=audit(1772409705.468:1000): key=value …`. One event of the
// kernel is several records with one serial number, interleaved with others: they are joined by
// (host, time, serial) when read, never here, where each line is evidence of its own.
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "evidence/collect/parse/scratch.hpp"
#include "ledger/search/fields.hpp"

namespace daicho::evidence::collect::parse {

struct AuditHead {
    std::string_view node;  // node=…, where auditd adds it
    std::string_view type;  // may be empty: audispd's plain kernel lines have only audit(…)
    WallNs time_ns = 0;
    std::uint64_t serial = 0;
    std::string_view body;
};
[[nodiscard]] std::optional<AuditHead> audit_head(std::string_view message) noexcept;

/// A string value as auditd writes it: "quoted" as it is, or hexadecimal in capitals where the text
/// holds blanks, quotes or control characters (audit_log_untrustedstring). Decoded into `scratch`,
/// as much as fits.
[[nodiscard]] std::string_view audit_string(std::string_view value, Scratch& scratch) noexcept;

[[nodiscard]] bool auditd(std::string_view message, Scratch& scratch, ledger::search::Fields& out);

}  // namespace daicho::evidence::collect::parse
