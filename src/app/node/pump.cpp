#include "app/node/pump.hpp"

#include <chrono>
#include <iterator>
#include <nlohmann/json.hpp>

#include "app/node/fact_rules.hpp"
#include "app/node/schema.hpp"

namespace daicho::app::node {
namespace {

constexpr std::size_t rows_per_move = 256;
constexpr std::chrono::milliseconds look_every{250};
constexpr std::chrono::seconds retry_after{2};

ledger::Chunk chunk_of(const std::vector<std::string>& events) {
    ledger::Chunk chunk;
    chunk.source = "daicho";
    chunk.retention_class = "evidence";
    for (const std::string& event : events) {
        const auto offset = static_cast<std::uint32_t>(chunk.data.size());
        const auto length = static_cast<std::uint32_t>(event.size());
        ByteWriter(chunk.data).raw(view_of(event));
        chunk.items.push_back({offset, length, 0, length});
    }
    return chunk;
}

Result<ledger::Receipt> append(ledger::Ledger& ledger, const std::vector<std::string>& events) {
    ledger::Chunk chunk = chunk_of(events);
    const Result<ledger::Ticket> ticket = ledger.submit(chunk);
    if (!ticket) return fail(ticket.error());
    return ledger.wait_durable(*ticket);
}

}  // namespace

std::string event_json(const store::OutboxEntry& row) {
    const nlohmann::json detail = nlohmann::json::parse(row.detail, nullptr, false);
    const nlohmann::json event{{"action", row.action},
                               {"actor", row.actor},
                               {"detail", detail.is_object() ? detail : nlohmann::json::object()},
                               {"digest", row.digest.hex()},
                               {"object", row.object},
                               {"outbox", row.id},
                               {"time_ns", row.time_ns},
                               {"version", row.version}};
    return event.dump();
}

void Pump::start() {
    thread_ = std::thread([this] { run(); });
}

void Pump::stop() {
    {
        const MutexLock lock(mutex_);
        stopping_ = true;
        wake_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void Pump::nudge() {
    const MutexLock lock(mutex_);
    nudged_ = true;
    wake_.notify_all();
}

void Pump::note(const ledger::core::NoticeLeaf& leaf, std::uint64_t leaf_index) {
    const MutexLock lock(mutex_);
    notes_.emplace_back(leaf, leaf_index);
    nudged_ = true;
    wake_.notify_all();
}

std::string Pump::trouble() const {
    const MutexLock lock(mutex_);
    return trouble_;
}

void Pump::run() {
    while (true) {
        bool last = false;
        {
            MutexLock lock(mutex_);
            if (!stopping_ && !nudged_)
                lock.wait_for(wake_, trouble_.empty() ? look_every : retry_after);
            last = stopping_;
            nudged_ = false;
        }
        std::string trouble;
        try {
            const Status moved = flush();
            if (!moved) trouble = moved.error().message;
        } catch (const std::exception& error) {
            trouble = error.what();
        }
        {
            const MutexLock lock(mutex_);
            if (!trouble.empty() && trouble != trouble_) {
                log_.warning("pump.waiting", {{"reason", trouble}});
            }
            trouble_ = trouble;
        }
        if (last) return;
    }
}

Status Pump::flush() {
    const MutexLock lock(moving_);
    while (true) {
        const Result<bool> more = move_rows();
        if (!more) return fail(more.error());
        if (!*more) return store_notes();
    }
}

Result<bool> Pump::move_rows() {
    store::Outbox outbox(database_);
    const Result<std::vector<store::OutboxEntry>> rows = outbox.read_pending(rows_per_move);
    if (!rows) return fail(rows.error());
    if (rows->empty()) return false;
    std::vector<std::string> events;
    for (const store::OutboxEntry& row : *rows) events.push_back(event_json(row));
    const Result<ledger::Receipt> receipt = append(ledger_, events);
    if (!receipt) return fail(receipt.error());
    std::vector<store::Fact> facts;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const std::uint64_t seq = receipt->first_seq + i;
        for (store::Fact& fact : facts_of_event(seq, events[i])) facts.push_back(std::move(fact));
    }
    const Status stored = store(facts, std::nullopt);
    if (!stored) return fail(stored.error());
    std::vector<store::OutboxPlace> places;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        places.push_back({(*rows)[i].id, static_cast<std::int64_t>(receipt->first_seq + i)});
    }
    const Status marked = outbox.mark_done(places);
    if (!marked) return fail(marked.error());
    return rows->size() == rows_per_move;
}

Status Pump::store_notes() {
    std::deque<std::pair<ledger::core::NoticeLeaf, std::uint64_t>> notes;
    {
        const MutexLock lock(mutex_);
        notes.swap(notes_);
    }
    std::vector<store::Fact> facts;
    for (const auto& [leaf, index] : notes) {
        for (store::Fact& fact : facts_of_leaf(index, leaf)) facts.push_back(std::move(fact));
    }
    if (notes.empty()) return {};
    const auto put_back = [&] {
        // They come before what has been noted since: the position must not move past them.
        const MutexLock lock(mutex_);
        notes_.insert(notes_.begin(), std::make_move_iterator(notes.begin()),
                      std::make_move_iterator(notes.end()));
    };
    try {
        Status stored = store(facts, notes.back().second);
        if (!stored) put_back();
        return stored;
    } catch (...) {
        put_back();
        throw;
    }
}

Status Pump::store(const std::vector<store::Fact>& facts,
                   std::optional<std::uint64_t> through_leaf) {
    if (facts.empty() && !through_leaf) return {};
    return database_.write([&](store::Transaction& tx) -> Status {
        tx.no_evidence("facts are derived from the ledger");
        for (const store::Fact& fact : facts) {
            const Result<bool> inserted = store::facts::insert(tx, fact);
            if (!inserted) return fail(inserted.error());
        }
        if (!through_leaf) return {};
        return set_position(tx, leaves_position, static_cast<std::int64_t>(*through_leaf) + 1);
    });
}

Status Pump::catch_up() {
    const Result<std::int64_t> from =
        database_.read([](store::Reader& reader) { return position(reader, leaves_position); });
    if (!from) return fail(from.error());
    Result<ledger::read::Prover> prover = ledger_.prover();
    if (!prover) return fail(prover.error());
    std::vector<store::Fact> facts;
    const std::uint64_t size = prover->head().size;
    for (std::uint64_t index = static_cast<std::uint64_t>(*from); index < size; ++index) {
        const Result<Bytes> leaf = prover->leaf(index);
        if (!leaf) return fail(leaf.error());
        const Result<ledger::core::NoticeLeaf> notice = ledger::core::decode_notice(*leaf);
        if (!notice) continue;  // a BATCH leaf: its events bring their own facts
        for (store::Fact& fact : facts_of_leaf(index, *notice)) facts.push_back(std::move(fact));
    }
    return store(facts, size == 0 ? std::nullopt : std::optional(size - 1));
}

Status Pump::measure(const std::string& action, const std::string& object, const std::string& key,
                     WallNs time_ns, const std::string& detail_json) {
    const nlohmann::json event{
        {"action", action}, {"actor", "daicho"}, {"detail", nlohmann::json::parse(detail_json)},
        {"key", key},       {"object", object},  {"time_ns", time_ns}};
    const std::string json = event.dump();
    const Result<ledger::Receipt> receipt = append(ledger_, {json});
    if (!receipt) return fail(receipt.error());
    return store(facts_of_event(receipt->first_seq, json), std::nullopt);
}

}  // namespace daicho::app::node
