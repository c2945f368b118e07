#include "access/password/one_time.hpp"

#include <array>
#include <string_view>

#include "crypto/random.hpp"

namespace daicho::access::password {
namespace {

// Without I, L, O, 0 and 1.
constexpr std::string_view alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
static_assert(alphabet.size() == 31);
constexpr std::size_t chars = 20;
constexpr std::size_t group = 5;

}  // namespace

std::string make_one_time() {
    std::string out;
    std::size_t made = 0;
    while (made < chars) {
        std::array<std::uint8_t, 32> random = crypto::random_bytes<32>();
        for (const std::uint8_t byte : random) {
            if (made == chars) break;
            // 248 = 8 * 31: bytes from there on would favour the first letters.
            if (byte >= 248) continue;
            if (made > 0 && made % group == 0) out += '-';
            out += alphabet[byte % alphabet.size()];
            ++made;
        }
        crypto::wipe(random);
    }
    return out;
}

}  // namespace daicho::access::password
