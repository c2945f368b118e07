#include "ledger/core/verify/pack/zip.hpp"

#include <algorithm>
#include <array>

namespace daicho::ledger::core::verify {
namespace {

constexpr std::uint32_t local_magic = 0x04034b50;
constexpr std::uint32_t central_magic = 0x02014b50;
constexpr std::uint32_t end_magic = 0x06054b50;
constexpr std::uint16_t version = 20;   // 2.0: stored files in folders
constexpr std::uint16_t date = 0x0021;  // 1980-01-01, the first day the format knows
constexpr std::size_t local_size = 30;

/// ZIP is little-endian, unlike every format of daicho's own.
class Little {
public:
    explicit Little(Bytes& out) : out_(out) {}
    void u16(std::uint32_t value) { put(value, 2); }
    void u32(std::uint32_t value) { put(value, 4); }
    void text(std::string_view value) { out_.insert(out_.end(), value.begin(), value.end()); }

private:
    void put(std::uint32_t value, unsigned width) {
        for (unsigned i = 0; i < width; ++i)
            out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    Bytes& out_;
};

std::uint32_t little(ByteView bytes, std::size_t at, unsigned width) {
    std::uint32_t value = 0;
    for (unsigned i = width; i-- > 0;) value = value << 8 | bytes[at + i];
    return value;
}

void common(Little& out, const ZipMember& member) {
    out.u16(version);
    out.u16(0);  // flags
    out.u16(0);  // stored
    out.u16(0);  // time
    out.u16(date);
    out.u32(member.crc);
    out.u32(member.size);
    out.u32(member.size);
    out.u16(static_cast<std::uint32_t>(member.name.size()));
    out.u16(0);  // extra field
}

Bytes local_header(const ZipMember& member) {
    Bytes bytes;
    Little out(bytes);
    out.u32(local_magic);
    common(out, member);
    out.text(member.name);
    return bytes;
}

Bytes directory(const std::vector<ZipMember>& members, std::uint64_t at) {
    Bytes bytes;
    Little out(bytes);
    for (const ZipMember& member : members) {
        out.u32(central_magic);
        out.u16(version);  // made by
        common(out, member);
        out.u16(0);  // comment
        out.u16(0);  // disk
        out.u16(0);  // attributes, inside and outside
        out.u32(0);
        out.u32(member.offset);
        out.text(member.name);
    }
    const auto size = static_cast<std::uint32_t>(bytes.size());
    out.u32(end_magic);
    out.u16(0);
    out.u16(0);
    out.u16(static_cast<std::uint32_t>(members.size()));
    out.u16(static_cast<std::uint32_t>(members.size()));
    out.u32(size);
    out.u32(static_cast<std::uint32_t>(at));
    out.u16(0);  // comment
    return bytes;
}

constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
        table[i] = value;
    }
    return table;
}

}  // namespace

bool is_zip_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > zip_name_max || name.back() == '/') return false;
    bool only_dots = true;
    std::size_t part = 0;
    for (const char c : name) {
        if (c == '/') {
            if (part == 0 || only_dots) return false;
            part = 0;
            only_dots = true;
            continue;
        }
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_') return false;
        only_dots = only_dots && c == '.';
        ++part;
    }
    return !only_dots;
}

std::uint32_t crc32(ByteView bytes, std::uint32_t so_far) noexcept {
    static constexpr std::array<std::uint32_t, 256> table = make_table();
    std::uint32_t value = ~so_far;
    for (const std::uint8_t byte : bytes) value = table[(value ^ byte) & 0xFF] ^ (value >> 8);
    return ~value;
}

std::uint64_t ZipMember::content_offset() const {
    return std::uint64_t{offset} + local_size + name.size();
}

void ZipWriter::give(ByteView bytes) {
    sink_(bytes);
    at_ += bytes.size();
}

Status ZipWriter::add(const std::string& name, ByteView content) {
    if (!is_zip_name(name) || (!members_.empty() && name <= members_.back().name))
        return fail(Errc::invalid, "a member's name is none, or comes too late");
    if (members_.size() == zip_members_max ||
        at_ + content.size() + local_size + zip_name_max > zip_bytes_max) {
        return fail(Errc::too_large, "more than fits into one pack");
    }
    members_.push_back({name, static_cast<std::uint32_t>(content.size()), crc32(content),
                        static_cast<std::uint32_t>(at_)});
    give(local_header(members_.back()));
    give(content);
    return {};
}

Status ZipWriter::finish() {
    const Bytes bytes = directory(members_, at_);
    if (at_ + bytes.size() > zip_bytes_max)
        return fail(Errc::too_large, "more than fits into one pack");
    give(bytes);
    return {};
}

Result<std::vector<ZipMember>> read_zip(const ZipRead& read, std::uint64_t size) {
    const auto bad = [](std::uint64_t at, std::string_view what) {
        return fail(Errc::invalid, "at byte " + std::to_string(at) + ": " + std::string(what));
    };
    if (size > zip_bytes_max) return bad(0, "larger than any pack");
    std::vector<ZipMember> members;
    std::uint64_t at = 0;
    while (true) {
        const Bytes head = read(at, local_size + zip_name_max);
        if (head.size() < 4) return bad(at, "the file ends too early");
        if (little(head, 0, 4) != local_magic) break;
        if (head.size() < local_size) return bad(at, "the file ends in a member's header");
        ZipMember member;
        const std::size_t name_size = little(head, 26, 2);
        if (name_size > zip_name_max || head.size() < local_size + name_size)
            return bad(at, "a member's name is too long");
        member.name = std::string(text_of(ByteView(head).subspan(local_size, name_size)));
        member.crc = little(head, 14, 4);
        member.size = little(head, 18, 4);
        member.offset = static_cast<std::uint32_t>(at);
        const Bytes expected = local_header(member);
        if (!std::equal(expected.begin(), expected.end(), head.begin()))
            return bad(at, "a member's header is not the one that was written");
        if (!is_zip_name(member.name) || (!members.empty() && member.name <= members.back().name) ||
            members.size() == zip_members_max) {
            return bad(at, "a member that can't come here");
        }
        at = member.content_offset() + member.size;
        if (at > size) return bad(size, "the file ends in a member");
        members.push_back(std::move(member));
    }
    const Bytes expected = directory(members, at);
    if (size - at != expected.size() || read(at, expected.size()) != expected)
        return bad(at, "the directory is not that of the members before it");
    return members;
}

Result<Bytes> read_member(const ZipRead& read, const ZipMember& member) {
    Bytes content = read(member.content_offset(), member.size);
    if (content.size() != member.size || crc32(content) != member.crc)
        return fail(Errc::tampered, "its checksum is wrong");
    return content;
}

}  // namespace daicho::ledger::core::verify
