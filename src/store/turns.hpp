#pragma once
// The insides of Database::write and Database::read: a turn holds the connection and undoes what
// was not committed. Included by database.hpp only.
#include <memory>
#include <string>

#include "store/database.hpp"

namespace daicho::store {

class Database::WriteTurn {
public:
    [[nodiscard]] static Result<WriteTurn> begin(State& state);
    WriteTurn(WriteTurn&&) noexcept;
    WriteTurn& operator=(WriteTurn&&) = delete;
    ~WriteTurn();
    [[nodiscard]] Transaction& transaction() noexcept;
    [[nodiscard]] Status commit();

private:
    struct Held;
    explicit WriteTurn(std::unique_ptr<Held> held);
    std::unique_ptr<Held> held_;
};

class Database::ReadTurn {
public:
    [[nodiscard]] static Result<ReadTurn> begin(State& state);
    ReadTurn(ReadTurn&&) noexcept;
    ReadTurn& operator=(ReadTurn&&) = delete;
    ~ReadTurn();
    [[nodiscard]] Reader& reader() noexcept;

private:
    struct Held;
    explicit ReadTurn(std::unique_ptr<Held> held);
    std::unique_ptr<Held> held_;
};

template <typename Body>
auto Database::write(Body&& body) -> std::invoke_result_t<Body&, Transaction&> {
    try {
        Result<WriteTurn> turn = WriteTurn::begin(*state_);
        if (!turn) return fail(std::move(turn.error()));
        auto result = body(turn->transaction());
        if (!result) return result;
        Status committed = turn->commit();
        if (!committed) return fail(std::move(committed.error()));
        return result;
    } catch (const DeadlineFault& late) {
        return refuse(Errc::unavailable, "store.too_slow", late.what());
    } catch (const BusyFault& busy) {
        return refuse(Errc::unavailable, "store.busy", busy.what());
    }
}

template <typename Body>
auto Database::read(Body&& body) -> std::invoke_result_t<Body&, Reader&> {
    try {
        Result<ReadTurn> turn = ReadTurn::begin(*state_);
        if (!turn) return fail(std::move(turn.error()));
        return body(turn->reader());
    } catch (const DeadlineFault& late) {
        return refuse(Errc::unavailable, "store.too_slow", late.what());
    } catch (const BusyFault& busy) {
        return refuse(Errc::unavailable, "store.busy", busy.what());
    }
}

}  // namespace daicho::store
