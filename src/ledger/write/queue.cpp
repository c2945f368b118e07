#include "ledger/write/queue.hpp"

#include <algorithm>
#include <chrono>

namespace daicho::ledger::write {
namespace {

tl::unexpected<Error> disk_is_full() {
    return refuse(Errc::unavailable, "ledger.low_water", "the disk is full");
}

}  // namespace

Status check_chunk(const Chunk& chunk, const std::vector<std::string>& classes) {
    if (chunk.source.empty() || chunk.source.size() > source_id_size_max) {
        return fail(Errc::invalid, "a chunk without a source id of a proper length");
    }
    if (std::find(classes.begin(), classes.end(), chunk.retention_class) == classes.end()) {
        return fail(Errc::invalid, "the ledger has no retention class " + chunk.retention_class);
    }
    if (chunk.items.empty() || chunk.items.size() > chunk_items_max ||
        chunk.data.size() > chunk_bytes_max) {
        return fail(Errc::invalid, "a chunk of no or too many events");
    }
    std::size_t at = 0;
    for (const Item& item : chunk.items) {
        if (item.offset < at || item.offset > chunk.data.size() ||
            item.length > chunk.data.size() - item.offset || item.length > event_size_max) {
            return fail(Errc::invalid, "an event lies outside its chunk");
        }
        if ((item.flags & ~event_flag::all) != 0 || item.true_length < item.length) {
            return fail(Errc::invalid, "an event of impossible flags or length");
        }
        at = std::size_t{item.offset} + item.length;
    }
    return {};
}

Result<Ticket> Queue::push(Chunk& chunk) {
    const MutexLock lock(mutex_);
    const bool own = chunk.transport == Transport::internal;
    if (stopped_ || closed_)
        return fail(Errc::unavailable, stopped_.value_or("the ledger is closing"));
    if (full_ || (low_water_ && !own) ||
        bytes_ + chunk.data.size() > queue_bytes_max + (own ? chunk_bytes_max : 0)) {
        ++refused_;
        return refuse(Errc::unavailable,
                      full_ || low_water_ ? "ledger.low_water" : "ledger.queue_full",
                      full_        ? "the disk is full"
                      : low_water_ ? "the disk is at its low water"
                                   : "the queue of the ledger is full");
    }
    bytes_ += chunk.data.size();
    chunks_.push_back({next_, std::move(chunk)});
    work_.notify_one();
    return next_++;
}

Result<Ticket> Queue::push(core::NoticeLeaf leaf) {
    const MutexLock lock(mutex_);
    if (stopped_ || closed_)
        return fail(Errc::unavailable, stopped_.value_or("the ledger is closing"));
    if (full_ && leaf.type != core::LeafType::gap) return disk_is_full();
    notices_.push_back({next_, std::move(leaf)});
    work_.notify_one();
    return next_++;
}

Result<Outcome> Queue::wait(Ticket ticket) {
    MutexLock lock(mutex_);
    if (ticket == 0 || ticket >= next_)
        return fail(Errc::invalid, "a ticket that was never given out");
    while (true) {
        const auto found = outcomes_.find(ticket);
        if (found != outcomes_.end()) return found->second;
        if (!outcomes_.empty() && outcomes_.begin()->first > ticket &&
            outcomes_.size() >= receipts_max) {
            return fail(Errc::not_found, "the receipt of this ticket is no longer kept");
        }
        if (stopped_) return fail(Errc::unavailable, *stopped_);
        lock.wait(done_);
    }
}

Group Queue::take(std::size_t bytes_max, int timeout_ms, int linger_ms) {
    MutexLock lock(mutex_);
    if (chunks_.empty() && notices_.empty()) {
        lock.wait_for(work_, std::chrono::milliseconds(timeout_ms));
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(linger_ms);
    while (linger_ms > 0 && !chunks_.empty() && bytes_ < bytes_max && notices_.empty()) {
        const auto left = until - std::chrono::steady_clock::now();
        if (left.count() <= 0) break;
        lock.wait_for(work_, left);
    }
    Group group;
    while (!notices_.empty()) {
        group.notices.push_back(std::move(notices_.front()));
        notices_.pop_front();
    }
    while (!chunks_.empty()) {
        const std::size_t size = chunks_.front().chunk.data.size();
        if (!group.chunks.empty() && group.raw_bytes + size > bytes_max) break;
        group.raw_bytes += size;
        bytes_ -= size;
        group.chunks.push_back(std::move(chunks_.front()));
        chunks_.pop_front();
    }
    return group;
}

void Queue::put_back(Group group) {
    const MutexLock lock(mutex_);
    for (auto chunk = group.chunks.rbegin(); chunk != group.chunks.rend(); ++chunk) {
        bytes_ += chunk->chunk.data.size();
        chunks_.push_front(std::move(*chunk));
    }
    full_ = true;
    std::deque<PendingNotice> kept;
    const auto judge = [&](PendingNotice& notice) {
        if (notice.leaf.type == core::LeafType::gap) {
            kept.push_back(std::move(notice));
        } else {
            outcomes_.insert_or_assign(notice.ticket, disk_is_full());
        }
    };
    for (PendingNotice& notice : group.notices) judge(notice);
    for (PendingNotice& notice : notices_) judge(notice);
    notices_ = std::move(kept);
    done_.notify_all();
}

void Queue::there_is_space() {
    const MutexLock lock(mutex_);
    full_ = false;
}

void Queue::complete(const std::vector<std::pair<Ticket, Outcome>>& done) {
    const MutexLock lock(mutex_);
    for (const auto& [ticket, outcome] : done)
        outcomes_.emplace_hint(outcomes_.end(), ticket, outcome);
    while (outcomes_.size() > receipts_max) outcomes_.erase(outcomes_.begin());
    done_.notify_all();
}

void Queue::set_low_water(bool low) {
    const MutexLock lock(mutex_);
    low_water_ = low;
}

bool Queue::low_water() const {
    const MutexLock lock(mutex_);
    return low_water_;
}

void Queue::stop(const std::string& reason) {
    const MutexLock lock(mutex_);
    if (!stopped_) stopped_ = reason;
    work_.notify_all();
    done_.notify_all();
}

void Queue::close() {
    const MutexLock lock(mutex_);
    closed_ = true;
    work_.notify_all();
}

std::size_t Queue::waiting_bytes() const {
    const MutexLock lock(mutex_);
    return bytes_;
}

std::uint64_t Queue::refused_chunks() const {
    const MutexLock lock(mutex_);
    return refused_;
}

}  // namespace daicho::ledger::write
