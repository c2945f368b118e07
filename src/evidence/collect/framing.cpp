#include "evidence/collect/framing.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/fault.hpp"

namespace daicho::evidence::collect {
namespace {

using ledger::chunk_items_max;
using ledger::event_size_max;
using ledger::Framing;
using ledger::Item;
namespace flag = ledger::event_flag;

/// Bytes that any unfinished event may hold outside the budget, so that one greedy sender can't
/// have the events of others cut: RFC 5425 section 4.3.1 wants receivers to take 8192.
constexpr std::size_t held_free_max = 8192;
constexpr std::size_t kept_capacity_max =
    std::size_t{64} << 10;  // a connection gives back what a large event needed
constexpr unsigned count_digits_max = 9;

bool is_digit(std::uint8_t c) noexcept {
    return c >= '0' && c <= '9';
}

struct Count {
    enum class Is { complete, incomplete, wrong } is = Is::wrong;
    std::uint64_t octets = 0;
    std::size_t size = 0;  // of the digits and the blank
};

/// RFC 6587 section 3.4.1: MSG-LEN is NONZERO-DIGIT *DIGIT, then SP. `before_pri`: a "<" must
/// follow too.
Count read_count(const std::uint8_t* at, const std::uint8_t* end, bool before_pri) noexcept {
    Count count;
    const std::uint8_t* p = at;
    while (p != end && is_digit(*p) && p - at < count_digits_max)
        count.octets = count.octets * 10 + (*p++ - std::uint64_t{'0'});
    if (p != at && *at == '0') return count;
    if (p == end) {
        count.is = Count::Is::incomplete;
        return count;
    }
    if (p == at || *p != ' ' || count.octets > octet_count_max) return count;
    ++p;
    if (before_pri && p == end) {
        count.is = Count::Is::incomplete;
        return count;
    }
    if (before_pri && *p != '<') return count;
    count.is = Count::Is::complete;
    count.size = static_cast<std::size_t>(p - at);
    return count;
}

FrameBatch& batch_for(std::vector<FrameBatch>& out, Framing framing) {
    if (out.empty() || out.back().framing != framing ||
        out.back().items.size() >= chunk_items_max) {
        out.emplace_back();
        out.back().framing = framing;
    }
    return out.back();
}

Item item_at(std::size_t offset, std::size_t length, std::uint16_t flags) noexcept {
    return {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length), flags, length};
}

}  // namespace

void FrameSplitter::feed(ByteView in, std::vector<FrameBatch>& out) {
    while (!in.empty()) {
        std::size_t used = 0;
        switch (state_) {
            case State::start:
                if (!detected_) {
                    detected_ = true;
                    counting_ = mode_ == Mode::detect && is_digit(in.front());
                }
                used = counting_ ? whole_counted(in, out) : whole_lines(in, out);
                break;
            case State::header:
                used = more_header(in, out);
                break;
            case State::counted:
                used = more_counted(in, out);
                break;
            case State::line:
                used = more_line(in, out);
                break;
        }
        in = in.subspan(used);
    }
}

/// The fast way: events that lie whole in the window are noted, then copied together.
std::size_t FrameSplitter::whole_counted(ByteView in, std::vector<FrameBatch>& out) {
    const std::uint8_t* const begin = in.data();
    const std::uint8_t* const end = begin + in.size();
    const std::uint8_t* at = begin;
    Count count = read_count(at, end, resync_);
    if (count.is == Count::Is::complete &&
        count.octets <= static_cast<std::uint64_t>(end - at) - count.size &&
        count.octets <= event_size_max) {
        FrameBatch& batch = batch_for(out, Framing::octet_counted);
        const std::size_t base = batch.data.size();
        do {
            const std::uint8_t* const body = at + count.size;
            batch.items.push_back(
                item_at(base + static_cast<std::size_t>(body - begin), count.octets, 0));
            at = body + count.octets;
            count = read_count(at, end, false);
        } while (count.is == Count::Is::complete &&
                 count.octets <= static_cast<std::uint64_t>(end - at) - count.size &&
                 count.octets <= event_size_max && batch.items.size() < chunk_items_max);
        batch.data.insert(batch.data.end(), begin, at);
        any_counted_ = true;
        resync_ = false;
        return static_cast<std::size_t>(at - begin);
    }
    switch (count.is) {
        case Count::Is::complete:
            any_counted_ = true;
            resync_ = false;
            need_ = count.octets;
            state_ = State::counted;
            return count.size;
        case Count::Is::incomplete:
            state_ = State::header;
            return 0;
        case Count::Is::wrong:
            break;
    }
    return not_a_count(in, out);
}

/// What stands where a count should be.
std::size_t FrameSplitter::not_a_count(ByteView in, std::vector<FrameBatch>& out) {
    if (any_counted_ && (in.front() == '\n' || in.front() == '\r')) {
        // A line end after a counted message, which the count left out: common, harmless, counted.
        ++batch_for(out, Framing::octet_counted).framing_errors;
        return 1;
    }
    if (!any_counted_) {  // the digit that the connection began with was the message's own
        counting_ = false;
        flag_next_ = true;
    } else {
        resync_ = true;
    }
    ++batch_for(out, Framing::line).framing_errors;
    state_ = State::line;
    return 0;
}

std::size_t FrameSplitter::whole_lines(ByteView in, std::vector<FrameBatch>& out) {
    const std::uint8_t* const begin = in.data();
    const std::uint8_t* const end = begin + in.size();
    const std::uint8_t* at = begin;
    FrameBatch& batch = batch_for(out, Framing::line);
    const std::size_t base = batch.data.size();
    const bool may_be_counted = mode_ == Mode::detect;
    while (at != end && batch.items.size() < chunk_items_max) {
        const auto* const stop = static_cast<const std::uint8_t*>(
            std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
        if (stop == nullptr || static_cast<std::size_t>(stop - at) > event_size_max) {
            state_ = State::line;
            break;
        }
        if (stop != at) {  // an empty line is no event
            std::uint16_t flags = 0;
            if (may_be_counted && is_digit(*at) &&
                read_count(at, stop, true).is == Count::Is::complete) {
                flags = flag::framing_error;  // a count in a stream of lines: kept as it came
                ++batch.framing_errors;
            }
            batch.items.push_back(item_at(base + static_cast<std::size_t>(at - begin),
                                          static_cast<std::size_t>(stop - at), flags));
        }
        at = stop + 1;
    }
    batch.data.insert(batch.data.end(), begin, at);
    return static_cast<std::size_t>(at - begin);
}

/// Byte by byte, at most eleven of them, until it is clear whether it is a count.
std::size_t FrameSplitter::more_header(ByteView in, std::vector<FrameBatch>& out) {
    std::size_t used = 0;
    while (used < in.size()) {
        held_.push_back(in[used++]);
        const Count count = read_count(held_.data(), held_.data() + held_.size(), resync_);
        if (count.is == Count::Is::incomplete) continue;
        if (count.is == Count::Is::wrong) {
            state_ = State::start;
            const std::size_t nothing =
                not_a_count(held_, out);  // it begins with a digit: nothing is passed over
            check(nothing == 0, "a held count is no line end");
            // The last byte may be the line end itself: it is read again.
            held_.pop_back();
            return used - 1;
        }
        held_.erase(held_.begin(),
                    held_.begin() + static_cast<std::ptrdiff_t>(count.size));  // leaves "<" at most
        any_counted_ = true;
        resync_ = false;
        need_ = count.octets - held_.size();
        state_ = State::counted;
        if (need_ == 0) emit(out, Framing::octet_counted, 0);
        return used;
    }
    return used;
}

std::size_t FrameSplitter::more_counted(ByteView in, std::vector<FrameBatch>& out) {
    const auto used = static_cast<std::size_t>(std::min<std::uint64_t>(need_, in.size()));
    hold(in.first(used));
    need_ -= used;
    if (need_ == 0) emit(out, Framing::octet_counted, 0);
    return used;
}

std::size_t FrameSplitter::more_line(ByteView in, std::vector<FrameBatch>& out) {
    ByteView part = in;
    bool cut = false;
    if (resync_) {
        const std::size_t room = resync_size_max - held_.size();
        if (part.size() >= room) {
            part = part.first(room);
            cut = true;
        }
    }
    const void* const stop = part.empty() ? nullptr : std::memchr(part.data(), '\n', part.size());
    if (stop != nullptr) {
        const auto size =
            static_cast<std::size_t>(static_cast<const std::uint8_t*>(stop) - part.data());
        hold(part.first(size));
        if (held() > 0) {
            emit(out, Framing::line, 0);
        } else {
            state_ = State::start;
        }
        return size + 1;
    }
    hold(part);
    if (cut) emit(out, Framing::line, flag::truncated);
    return part.size();
}

void FrameSplitter::hold(ByteView bytes) {
    std::size_t keep =
        std::min(bytes.size(), event_size_max - std::min(held_.size(), event_size_max));
    if (beyond_ > 0) keep = 0;  // never a hole: what was cut once stays cut
    const std::size_t after = held_.size() + keep;
    if (after > held_free_max) {
        const std::size_t wanted = after - held_free_max - taken_;
        const std::size_t given = std::min(wanted, budget_.left());
        (void)budget_.take(given);
        taken_ += given;
        keep -= wanted - given;
    }
    held_.insert(held_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(keep));
    beyond_ += bytes.size() - keep;
}

/// The held event is complete (or ends here): the next byte begins another.
void FrameSplitter::emit(std::vector<FrameBatch>& out, Framing framing, std::uint16_t flags) {
    const std::uint64_t true_length = held();
    if (beyond_ > 0) flags |= flag::truncated;
    if (true_length > event_size_max) flags |= flag::oversize;
    if (framing == Framing::line && mode_ == Mode::detect && !held_.empty()) {
        const bool count_in_lines =
            !counting_ && is_digit(held_.front()) &&
            read_count(held_.data(), held_.data() + held_.size(), true).is == Count::Is::complete;
        if (resync_ || flag_next_ || count_in_lines) flags |= flag::framing_error;
        if (count_in_lines && !flag_next_) ++batch_for(out, framing).framing_errors;
        flag_next_ = false;
    }
    FrameBatch& batch = batch_for(out, framing);
    Item item = item_at(batch.data.size(), held_.size(), flags);
    item.true_length = true_length;
    if (batch.data.empty()) {
        batch.data.swap(held_);
    } else {
        batch.data.insert(batch.data.end(), held_.begin(), held_.end());
    }
    batch.items.push_back(item);
    release();
    state_ = State::start;
}

void FrameSplitter::release() {
    budget_.give_back(taken_);
    taken_ = 0;
    beyond_ = 0;
    need_ = 0;
    held_.clear();
    if (held_.capacity() > kept_capacity_max) Bytes{}.swap(held_);
}

void FrameSplitter::close(std::vector<FrameBatch>& out) {
    if (held() > 0) {
        const Framing framing = state_ == State::counted ? Framing::octet_counted : Framing::line;
        const bool whole = mode_ == Mode::lines_only;
        if (state_ == State::header) flag_next_ = true;
        emit(out, framing, whole ? std::uint16_t{0} : flag::truncated);
    } else if (state_ == State::counted) {
        ++batch_for(out, Framing::octet_counted).framing_errors;  // a count and nothing after it
    }
    release();
    state_ = State::start;
}

}  // namespace daicho::evidence::collect
