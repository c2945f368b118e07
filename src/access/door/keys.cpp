#include "access/door/keys.hpp"

namespace daicho::access::door {
namespace {

std::array<std::uint8_t, 8> number_bytes(std::int64_t number) {
    std::array<std::uint8_t, 8> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> (56 - 8 * i));
    }
    return out;
}

}  // namespace

Keys::Keys(const crypto::Key32& pepper)
    : history_(crypto::derive(pepper, "daicho/password-history/1")),
      csrf_(crypto::derive(pepper, "daicho/csrf/1")) {}

crypto::Digest Keys::history_tag(std::int64_t account_id, std::string_view password) const {
    // A key per account: equal passwords of two people must not give equal tags.
    const crypto::Key32 own = crypto::derive(history_, "account", number_bytes(account_id));
    return crypto::hmac_sha256(own.view(), view_of(password));
}

crypto::Digest Keys::csrf_tag(std::int64_t session_id, WallNs created_ns) const {
    return csrf_.mac({number_bytes(session_id), number_bytes(created_ns)});
}

}  // namespace daicho::access::door
