#pragma once
// What goes into a statement and what comes out of a row. Four kinds only, the ones SQLite and
// PostgreSQL share without loss: 64-bit integer, text, bytes, null. There is no floating point on
// purpose: nothing that daicho proves is rounded.
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/bytes.hpp"
#include "base/fault.hpp"
#include "crypto/digest.hpp"

namespace daicho::store {

/// An owned value of a row.
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;

/// A parameter: looks at the caller's value and is copied when it is bound, so temporaries are
/// fine.
class Param {
public:
    using View = std::variant<std::monostate, std::int64_t, std::string_view, ByteView>;

    Param(std::nullptr_t) {}  // NOLINT(google-explicit-constructor): written as an
    Param(std::nullopt_t) {}  // NOLINT  argument of query("… $1", value)
    Param(std::string_view text) : view_(text) {}                      // NOLINT
    Param(const std::string& text) : view_(std::string_view(text)) {}  // NOLINT
    Param(const char* text) : view_(std::string_view(text)) {}         // NOLINT
    Param(ByteView bytes) : view_(bytes) {}                            // NOLINT
    Param(const Bytes& bytes) : view_(ByteView(bytes)) {}              // NOLINT
    Param(const crypto::Digest& digest) : view_(digest.view()) {}      // NOLINT
    template <std::size_t N>
    Param(const std::array<std::uint8_t, N>& bytes) : view_(ByteView(bytes)) {}  // NOLINT
    /// A bool is 0 or 1. A value that needs the 64th bit is a bug: no database column can hold it.
    template <std::integral T>
    Param(T number) {  // NOLINT
        if constexpr (!std::same_as<T, bool>) {
            check(std::in_range<std::int64_t>(number), "integer parameter beyond 63 bits");
        }
        view_ = static_cast<std::int64_t>(number);
    }
    template <typename T>
    Param(const std::optional<T>& value) {  // NOLINT
        if (value) view_ = Param(*value).view();
    }
    Param(const Value& value);  // NOLINT

    [[nodiscard]] const View& view() const noexcept { return view_; }

private:
    View view_;
};

/// What a cell can be read as; anything else does not compile.
template <typename T>
struct CellReader;

/// One form for one list of values, and no two lists share a form: what a row's salted digest is
/// taken of.
[[nodiscard]] Bytes canonical_form(std::span<const Value> values);

}  // namespace daicho::store
