#include "ledger/core/keys.hpp"

#include <cstdio>
#include <ctime>

namespace daicho::ledger::core {
namespace {

constexpr std::string_view root_label = "daicho-root-key-1 ";
constexpr std::string_view head_label = "daicho-head-1";

Bytes context(std::string_view what, std::string_view retention_class, std::string_view day) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.text16(what);
    out.text16(retention_class);
    out.text16(day);
    return bytes;
}

}  // namespace

crypto::Key32 wal_key(const crypto::Key32& data_key) {
    return crypto::derive(data_key, "daicho wal");
}
crypto::Key32 block_key(const crypto::Key32& data_key) {
    return crypto::derive(data_key, "daicho block");
}
crypto::Key32 index_key(const crypto::Key32& data_key) {
    return crypto::derive(data_key, "daicho index");
}

crypto::Key32 salt_key(const crypto::Key32& data_key, std::uint64_t batch_first_seq) {
    Bytes seq;
    ByteWriter(seq).u64(batch_first_seq);
    return crypto::derive(data_key, "daicho salt", seq);
}

crypto::Key32 next_frame_key(const crypto::Key32& key) {
    return crypto::derive(key, "daicho frame key");
}

crypto::Nonce frame_nonce(std::uint64_t leaf_index) noexcept {
    crypto::Nonce nonce = crypto::nonce_of(leaf_index);
    nonce[0] = 'w';
    nonce[1] = 'a';
    nonce[2] = 'l';
    return nonce;
}

Salt salt_at(const crypto::Key32& batch_salt_key, std::uint32_t position) {
    constexpr std::uint64_t blocks_per_salt = salt_size / crypto::Keystream::block_size;
    Salt salt{};
    crypto::Keystream(batch_salt_key).blocks(position * blocks_per_salt, salt);
    return salt;
}

Bytes data_key_context(std::string_view retention_class, std::string_view day,
                       std::uint64_t segment) {
    Bytes bytes = context("data key", retention_class, day);
    ByteWriter(bytes).u64(segment);
    return bytes;
}

Bytes kek_context(std::string_view retention_class, std::string_view day) {
    return context("key-encryption key", retention_class, day);
}

Bytes mac_key_context(std::uint64_t first_leaf) {
    Bytes bytes = context("frame key", "", "");
    ByteWriter(bytes).u64(first_leaf);
    return bytes;
}

std::string certificate_text(std::string_view day, std::string_view vkey) {
    std::string text = "daicho day key v1\n";
    text.append(day).append("\n").append(vkey).append("\n");
    return text;
}

Result<crypto::Key32> unwrap_data_key(const crypto::Key32& kek, const ClassKey& key,
                                      std::uint64_t segment) {
    const Bytes bound = data_key_context(key.retention_class, key.day, segment);
    Result<crypto::Key32> data_key = crypto::unwrap_key(kek, key.wrapped_key, bound);
    if (!data_key)
        return fail(Errc::tampered, "a data key does not open under its key-encryption key");
    if (crypto::key_commitment(*data_key, bound) != key.commitment) {
        return fail(Errc::tampered, "a data key is not the one committed to");
    }
    return data_key;
}

Result<RootKey> RootKey::parse(ByteView file) {
    std::string_view text = text_of(file);
    if (!text.starts_with(root_label) || !text.ends_with('\n'))
        return fail(Errc::invalid, "not a root key of a known form");
    text = text.substr(root_label.size(), text.size() - root_label.size() - 1);
    Result<Bytes> secret = from_base64(text);
    if (!secret || secret->size() != crypto::Key32::size)
        return fail(Errc::invalid, "a damaged root key: it has the wrong length");
    RootKey out(crypto::SecretBytes::copy_of(*secret));
    crypto::wipe(*secret);
    return out;
}

Bytes RootKey::format() const {
    Bytes text = to_bytes(root_label);
    std::string encoded = to_base64(secret_.view());
    ByteWriter(text).raw(view_of(encoded));
    text.push_back('\n');
    crypto::wipe({reinterpret_cast<std::uint8_t*>(encoded.data()), encoded.size()});
    return text;
}

crypto::Key32 RootKey::subkey(RootUse use) const {
    const crypto::Key32 key(std::span<const std::uint8_t, crypto::Key32::size>(
        secret_.view().data(), crypto::Key32::size));
    switch (use) {
        case RootUse::signing:
            return crypto::derive(key, "daicho signing");
        case RootUse::kek:
            return crypto::derive(key, "daicho kek");
        case RootUse::mac:
            return crypto::derive(key, "daicho mac");
        case RootUse::head:
            return crypto::derive(key, "daicho head");
        case RootUse::room:
            break;
    }
    return crypto::derive(key, "daicho room key");
}

Bytes encode(const Head& head, const RootKey& root) {
    Bytes bytes = to_bytes(head_label);
    ByteWriter out(bytes);
    out.u64(head.tree.size);
    out.raw(head.tree.root.view());
    out.u64(head.next_seq);
    const crypto::Key32 key = root.subkey(RootUse::head);
    const crypto::Digest sum = crypto::hmac_sha256(key.view(), bytes);
    out.raw(sum.view());
    return bytes;
}

Result<Head> decode_head(ByteView bytes, const RootKey& root) {
    ByteReader in(bytes);
    Head head;
    const bool labelled = text_of(in.raw(head_label.size())) == head_label;
    head.tree.size = in.u64();
    head.tree.root.bytes = in.array<32>();
    head.next_seq = in.u64();
    const ByteView sum = in.raw(crypto::digest_size);
    if (!labelled || !in.done())
        return fail(Errc::tampered, "the record of the newest checkpoint is damaged");
    const crypto::Key32 key = root.subkey(RootUse::head);
    const crypto::Digest expected =
        crypto::hmac_sha256(key.view(), bytes.first(bytes.size() - crypto::digest_size));
    if (!crypto::equal_constant_time(sum, expected.view()))
        return fail(Errc::tampered, "the record of the newest checkpoint is not of this root key");
    return head;
}

std::string day_of(WallNs wall_ns) {
    const auto seconds = static_cast<std::time_t>(wall_ns / second_ns);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", utc.tm_year + 1900, utc.tm_mon + 1,
                  utc.tm_mday);
    return text.data();
}

}  // namespace daicho::ledger::core
