#include "base/result.hpp"

namespace daicho {

std::string_view name_of(Errc code) noexcept {
    switch (code) {
        case Errc::invalid:
            return "invalid";
        case Errc::denied:
            return "denied";
        case Errc::unauthorised:
            return "unauthorised";
        case Errc::not_found:
            return "not_found";
        case Errc::conflict:
            return "conflict";
        case Errc::tampered:
            return "tampered";
        case Errc::locked:
            return "locked";
        case Errc::too_large:
            return "too_large";
        case Errc::unavailable:
            return "unavailable";
        case Errc::expired:
            return "expired";
    }
    return "unknown";
}

}  // namespace daicho
