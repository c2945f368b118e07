#include "ledger/core/keys.hpp"

#include <cstdio>
#include <ctime>

namespace daicho::ledger::core {
namespace {

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
