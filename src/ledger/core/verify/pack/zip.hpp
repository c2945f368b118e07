#pragma once
// The one form of a pack's container: a ZIP file (PKWARE APPNOTE) that any tool can open, but with
// nothing left to choose: members stored as they are, ascending names, one fixed time, no extra
// fields, no comments, no gaps, nothing before or after. One content has one file, so every byte is
// accounted for.
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace daicho::ledger::core::verify {

/// A ZIP without its 64-bit extension ends at 4 GiB and 65,535 members.
inline constexpr std::uint64_t zip_bytes_max = 0xFFFFFFFF;
inline constexpr std::size_t zip_members_max = 20'000;
inline constexpr std::size_t zip_name_max = 128;

struct ZipMember {
    std::string name;
    std::uint32_t size = 0;
    std::uint32_t crc = 0;
    std::uint32_t offset = 0;  // of its local header
    /// Where the content begins in the file.
    [[nodiscard]] std::uint64_t content_offset() const;
    bool operator==(const ZipMember&) const = default;
};

/// Letters, digits, '.', '-', '_' in parts between '/'; no part empty or made of dots only.
[[nodiscard]] bool is_zip_name(std::string_view name) noexcept;
/// CRC-32 of ISO 3309, as ZIP uses it.
[[nodiscard]] std::uint32_t crc32(ByteView bytes, std::uint32_t so_far = 0) noexcept;

/// Gives the bytes of a ZIP file piece by piece; nothing of the members is kept but their names.
class ZipWriter {
public:
    using Sink = std::function<void(ByteView)>;
    explicit ZipWriter(Sink sink) : sink_(std::move(sink)) {}
    /// Errc::invalid unless the name is one and comes after the one before; Errc::too_large.
    [[nodiscard]] Status add(const std::string& name, ByteView content);
    /// The directory; nothing may be added afterwards. Errc::too_large.
    [[nodiscard]] Status finish();
    [[nodiscard]] std::uint64_t bytes() const noexcept { return at_; }

private:
    void give(ByteView bytes);
    Sink sink_;
    std::vector<ZipMember> members_;
    std::uint64_t at_ = 0;
};

/// Reads `size` bytes at `offset`; fewer at the end.
using ZipRead = std::function<Bytes(std::uint64_t offset, std::size_t size)>;
/// The members of a file that ZipWriter could have written, judged by everything but their content:
/// use read_member() for that. Errc::invalid with the place otherwise.
[[nodiscard]] Result<std::vector<ZipMember>> read_zip(const ZipRead& read, std::uint64_t size);
/// The content. Errc::tampered if its checksum is wrong.
[[nodiscard]] Result<Bytes> read_member(const ZipRead& read, const ZipMember& member);

}  // namespace daicho::ledger::core::verify
