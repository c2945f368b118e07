#include "ledger/read/index_file.hpp"

#include "crypto/aead.hpp"
#include "crypto/kdf.hpp"

namespace daicho::ledger::read {
namespace {

constexpr std::string_view magic = "DIDX0001";
constexpr std::size_t head_size = 8 + search::section_count * 12;

Bytes context_of(const crypto::Digest& segment_digest, std::size_t section) {
    Bytes bytes = to_bytes("daicho index 1");
    ByteWriter out(bytes);
    out.raw(segment_digest.view());
    out.u8(static_cast<std::uint8_t>(section));
    return bytes;
}

/// A key of its own per content of the index: building it anew with another extractor must not meet
/// the same nonces.
crypto::Key32 content_key(const crypto::Key32& index_key, ByteView salt) {
    return crypto::derive(index_key, "daicho index content", salt);
}

}  // namespace

std::string index_path(const std::string& index_directory, const std::string& segment_file) {
    return index_directory + "/" + segment_file + ".idx";
}

void write_index(Files& files, const std::string& path, const search::Sections& sections,
                 const crypto::Digest& segment_digest, const crypto::Key32& index_key) {
    crypto::Sha256 hash;
    for (const Bytes& section : sections) hash.update(section);
    const crypto::Digest salt = hash.finish();
    crypto::Aead aead(content_key(index_key, salt.view()));
    Bytes sealed;
    std::array<std::size_t, search::section_count + 1> ends{};
    for (std::size_t i = 0; i < search::section_count; ++i) {
        aead.seal(crypto::nonce_of(i), context_of(segment_digest, i), sections[i], sealed);
        ends[i + 1] = sealed.size();
    }
    Bytes file = to_bytes(magic);
    ByteWriter out(file);
    const std::uint64_t start = head_size + crypto::digest_size;
    for (std::size_t i = 0; i < search::section_count; ++i) {
        out.u64(start + ends[i]);
        out.u32(static_cast<std::uint32_t>(ends[i + 1] - ends[i]));
    }
    out.raw(salt.view());
    out.raw(sealed);
    files.make_directories(parent_of(path));
    write_file_durably(files, path, file);
}

Result<Bytes> read_index_section(Files& files, const std::string& path, search::Section section,
                                 const crypto::Digest& segment_digest,
                                 const crypto::Key32& index_key) {
    if (!files.exists(path)) return fail(Errc::not_found, "the segment has no index yet");
    const auto file = files.open(path, Files::Mode::read);
    const Bytes head = file->read_at(0, head_size + crypto::digest_size);
    ByteReader in(head);
    const bool known = text_of(in.raw(magic.size())) == magic;
    const auto wanted = static_cast<std::size_t>(section);
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < search::section_count; ++i) {
        const std::uint64_t at = in.u64();
        const std::uint32_t length = in.u32();
        if (i == wanted) {
            offset = at;
            size = length;
        }
    }
    const ByteView salt = in.raw(crypto::digest_size);
    if (!known || !in.done() || size < crypto::tag_size || offset > file->size() ||
        size > file->size() - offset) {
        return fail(Errc::tampered, path + " is not an index of a known form");
    }
    const Bytes sealed = file->read_at(offset, size);
    crypto::Aead aead(content_key(index_key, salt));
    Bytes plain;
    const Status opened =
        aead.open(crypto::nonce_of(wanted), context_of(segment_digest, wanted), sealed, plain);
    if (!opened)
        return fail(Errc::tampered, path + " does not open: it is damaged or of another segment");
    return plain;
}

void IndexObserver::begin(const core::SegmentHeader&) {
    builder_ = std::make_unique<search::IndexBuilder>(extractor_);
}

void IndexObserver::block(std::span<const core::BlockEvent> events,
                          std::span<const std::string> sources) {
    builder_->add_block(events, sources);
}

void IndexObserver::finish(const std::string& file, const core::SegmentDirectory& directory,
                           const crypto::Key32& index_key) {
    write_index(files_, index_path(directory_, file), builder_->finish(), directory.digest,
                index_key);
    builder_.reset();
}

}  // namespace daicho::ledger::read
