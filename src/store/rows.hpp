#pragma once
// A cursor over the answer of one query. Types are strict in both directions: a cell of another
// type than asked for, or a NULL that was not asked for as optional, is a Fault, because it means
// the code and the schema disagree.
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "store/value.hpp"

namespace daicho::store {

namespace sqlite {
class Statement;  // prepared, kept by its connection
}

/// Lives inside its transaction and on its thread. Text keeps its NUL bytes. Gives the statement
/// back when it ends.
class Rows {
public:
    explicit Rows(std::unique_ptr<sqlite::Statement> statement);
    ~Rows();
    Rows(Rows&&) noexcept;
    Rows& operator=(Rows&&) = delete;

    /// Moves to the next row; false at the end. Throws Fault, DeadlineFault.
    [[nodiscard]] bool next();

    /// T: std::int64_t or a narrower integer, bool, std::string, Bytes, crypto::Digest, or
    /// std::optional of these. Columns count from 0.
    template <typename T>
    [[nodiscard]] T get(int column) const {
        return CellReader<T>::read(*this, column);
    }
    [[nodiscard]] Value value(int column) const;
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] Bytes blob(int column) const;
    /// Throws the Fault that all strict readings throw: names the statement and the column, never
    /// the content.
    [[noreturn]] void mistyped(int column, const char* wanted) const;

private:
    std::unique_ptr<sqlite::Statement> statement_;
};

template <std::integral T>
struct CellReader<T> {
    static T read(const Rows& rows, int column) {
        const std::int64_t number = rows.integer(column);
        if constexpr (std::same_as<T, bool>) {
            if (number != 0 && number != 1) rows.mistyped(column, "a truth value");
            return number == 1;
        } else {
            if (!std::in_range<T>(number)) rows.mistyped(column, "a narrower integer");
            return static_cast<T>(number);
        }
    }
};
template <>
struct CellReader<std::string> {
    static std::string read(const Rows& rows, int column) { return rows.text(column); }
};
template <>
struct CellReader<Bytes> {
    static Bytes read(const Rows& rows, int column) { return rows.blob(column); }
};
template <>
struct CellReader<crypto::Digest> {
    static crypto::Digest read(const Rows& rows, int column) {
        const Bytes bytes = rows.blob(column);
        crypto::Digest digest;
        if (bytes.size() != digest.bytes.size()) rows.mistyped(column, "a digest");
        std::memcpy(digest.bytes.data(), bytes.data(), bytes.size());
        return digest;
    }
};
template <typename T>
struct CellReader<std::optional<T>> {
    static std::optional<T> read(const Rows& rows, int column) {
        if (rows.is_null(column)) return std::nullopt;
        return CellReader<T>::read(rows, column);
    }
};

}  // namespace daicho::store
