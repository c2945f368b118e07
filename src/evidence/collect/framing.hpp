#pragma once
// From a stream of bytes to events (RFC 6587, RFC 5425 section 4.3): octet counting or lines, found
// out per connection.
//
// Invariants
// 1. Any cutting of a stream into pieces gives the same events.
// 2. Every byte received lies in exactly one event, or is framing: the count and its blank, a line
// end, an empty line,
//    or what an event has beyond event_size_max (counted in its true_length).
// 3. A connection whose first event is not octet-counted never becomes so: a line end that an
// attacker puts into a
//    message can forge a line there, but can't forge a count that swallows the events of others.
// 4. Work is linear in the bytes; memory is what is held of one unfinished event, within a budget
// shared by all.
#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "ledger/intake.hpp"

namespace daicho::evidence::collect {

/// A larger count is no count: it could only be a mistake or an attempt to make the rest of the
/// stream vanish.
inline constexpr std::uint64_t octet_count_max = std::uint64_t{256} << 20;
/// After a wrong count in a stream that has no line ends, what follows is cut into events of this
/// size.
inline constexpr std::size_t resync_size_max = std::size_t{64} << 10;

/// Bytes that unfinished events of all connections of one thread may hold together. Not
/// thread-safe.
class HeldBudget {
public:
    explicit HeldBudget(std::size_t bytes_max = std::size_t{256} << 20) : left_(bytes_max) {}
    [[nodiscard]] bool take(std::size_t bytes) noexcept {
        if (bytes > left_) return false;
        left_ -= bytes;
        return true;
    }
    void give_back(std::size_t bytes) noexcept { left_ += bytes; }
    [[nodiscard]] std::size_t left() const noexcept { return left_; }

private:
    std::size_t left_;
};

/// Events of one framing, ready to become a ledger::Chunk: the bytes between items are framing.
struct FrameBatch {
    ledger::Framing framing = ledger::Framing::line;
    Bytes data;
    std::vector<ledger::Item> items;
    std::uint32_t framing_errors = 0;
    [[nodiscard]] bool empty() const noexcept { return items.empty(); }
};

/// One per connection. Not thread-safe. The budget outlives it.
class FrameSplitter {
public:
    enum class Mode {
        detect,      // by the first byte: a digit means octet counting (RFC 6587 section 3.4.1)
        lines_only,  // files
    };
    explicit FrameSplitter(HeldBudget& budget, Mode mode = Mode::detect)
        : budget_(budget), mode_(mode) {}
    FrameSplitter(const FrameSplitter&) = delete;
    FrameSplitter& operator=(const FrameSplitter&) = delete;
    ~FrameSplitter() { release(); }

    /// Appends what is complete to the last batch of `out`, or to new ones where the framing
    /// changes or one is full.
    void feed(ByteView in, std::vector<FrameBatch>& out);
    /// The stream has ended: what is held becomes an event flagged `truncated`. In a file the last
    /// line needs no line end, so it is whole there.
    void close(std::vector<FrameBatch>& out);

    /// Bytes of the event that is not complete yet.
    [[nodiscard]] std::uint64_t held() const noexcept { return held_.size() + beyond_; }

private:
    enum class State { start, header, counted, line };

    [[nodiscard]] std::size_t whole_counted(ByteView in, std::vector<FrameBatch>& out);
    [[nodiscard]] std::size_t whole_lines(ByteView in, std::vector<FrameBatch>& out);
    [[nodiscard]] std::size_t more_header(ByteView in, std::vector<FrameBatch>& out);
    [[nodiscard]] std::size_t more_counted(ByteView in, std::vector<FrameBatch>& out);
    [[nodiscard]] std::size_t more_line(ByteView in, std::vector<FrameBatch>& out);
    [[nodiscard]] std::size_t not_a_count(ByteView in, std::vector<FrameBatch>& out);
    void hold(ByteView bytes);
    void emit(std::vector<FrameBatch>& out, ledger::Framing framing, std::uint16_t flags);
    void release();

    HeldBudget& budget_;
    Mode mode_;
    State state_ = State::start;
    bool detected_ = false;  // the first byte of the connection was seen
    bool counting_ = false;  // it was a digit and a count followed
    bool any_counted_ =
        false;  // a count was found: from here on a wrong one is an error to recover from
    bool resync_ =
        false;  // after a wrong count: events are flagged until a count before a PRI is found
    bool flag_next_ = false;    // the connection began with a digit that was no count
    std::uint64_t need_ = 0;    // of a counted event: what is still to come
    std::uint64_t beyond_ = 0;  // bytes of the unfinished event that were not kept
    std::size_t taken_ = 0;     // from the budget
    Bytes held_;
};

}  // namespace daicho::evidence::collect
