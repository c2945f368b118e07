#pragma once
// For tests: a ledger that only remembers, and can be told to be full.
#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "base/mutex.hpp"
#include "ledger/intake.hpp"

namespace daicho::evidence::collect {

class MemoryIntake final : public ledger::Intake {
public:
    struct Event {
        std::string bytes;
        ledger::Transport transport = ledger::Transport::internal;
        ledger::Framing framing = ledger::Framing::whole;
        std::uint16_t flags = 0;
        std::uint64_t true_length = 0;
    };
    struct Gap {
        std::string source;
        std::string reason;
        std::uint64_t events = 0;
        std::uint64_t bytes = 0;
    };

    /// While set nothing is taken.
    std::atomic<bool> full{false};
    /// Taken in all before it becomes full by itself.
    std::atomic<std::uint64_t> room{UINT64_MAX};

    Result<ledger::Ticket> submit(ledger::Chunk& chunk) override {
        const MutexLock lock(mutex_);
        if (full || events_ + chunk.items.size() > room) return fail(Errc::unavailable, "full");
        if (chunk.items.empty() || chunk.items.size() > ledger::chunk_items_max ||
            chunk.source.empty() || chunk.source.size() > ledger::source_id_size_max) {
            return fail(Errc::invalid, "not a chunk");
        }
        std::size_t end = 0;
        for (const ledger::Item& item : chunk.items) {
            if (item.offset < end || item.length == 0 || item.length > ledger::event_size_max ||
                std::size_t{item.offset} + item.length > chunk.data.size() ||
                item.true_length < item.length) {
                return fail(Errc::invalid, "items overlap or lie outside");
            }
            end = std::size_t{item.offset} + item.length;
            by_source_[chunk.source].push_back(
                {std::string(text_of(ByteView(chunk.data).subspan(item.offset, item.length))),
                 chunk.transport, chunk.framing, item.flags, item.true_length});
        }
        events_ += chunk.items.size();
        ++chunks_;
        last_ = {events_ - chunk.items.size(), static_cast<std::uint32_t>(chunk.items.size())};
        return ++ticket_;
    }
    Result<ledger::Receipt> wait_durable(ledger::Ticket) override {
        const MutexLock lock(mutex_);
        return last_;
    }
    Status declare_gap(const std::string& source, const std::string& reason, std::uint64_t events,
                       std::uint64_t bytes) override {
        const MutexLock lock(mutex_);
        if (full) return fail(Errc::unavailable, "full");
        gaps_.push_back({source, reason, events, bytes});
        return {};
    }

    [[nodiscard]] std::vector<Event> of(const std::string& source) const {
        const MutexLock lock(mutex_);
        const auto found = by_source_.find(source);
        return found == by_source_.end() ? std::vector<Event>{} : found->second;
    }
    [[nodiscard]] std::vector<std::string> sources() const {
        const MutexLock lock(mutex_);
        std::vector<std::string> names;
        for (const auto& [name, events] : by_source_) names.push_back(name);
        return names;
    }
    [[nodiscard]] std::vector<Gap> gaps() const {
        const MutexLock lock(mutex_);
        return gaps_;
    }
    [[nodiscard]] std::uint64_t events() const {
        const MutexLock lock(mutex_);
        return events_;
    }
    [[nodiscard]] std::uint64_t chunks() const {
        const MutexLock lock(mutex_);
        return chunks_;
    }

private:
    mutable Mutex mutex_;
    std::map<std::string, std::vector<Event>> by_source_ DAICHO_GUARDED_BY(mutex_);
    std::vector<Gap> gaps_ DAICHO_GUARDED_BY(mutex_);
    std::uint64_t events_ DAICHO_GUARDED_BY(mutex_) = 0;
    std::uint64_t chunks_ DAICHO_GUARDED_BY(mutex_) = 0;
    ledger::Ticket ticket_ DAICHO_GUARDED_BY(mutex_) = 0;
    ledger::Receipt last_ DAICHO_GUARDED_BY(mutex_);
};

}  // namespace daicho::evidence::collect
