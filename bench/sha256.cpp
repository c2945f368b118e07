// links: crypto
// The claim of docs/decisions/0010: batches of events are hashed several times faster in vector
// lanes than one by one with OpenSSL's low-level calls. Both sides run in one program on the same
// messages.
#include <benchmark/benchmark.h>

#include <random>

#include "crypto/digest.hpp"

namespace {

using namespace daicho;
using namespace daicho::crypto;

/// Salt, envelope and text of events as the ledger hashes them: about 330 bytes, seeded, so every
/// run sees the same.
class Events {
public:
    explicit Events(std::size_t count) : messages(count) {
        std::mt19937_64 random(20261122);
        std::lognormal_distribution<double> line(5.4, 0.35);  // of the text; median 221 bytes
        for (std::uint8_t& byte : pool_) byte = static_cast<std::uint8_t>(random());
        for (MessageParts& parts : messages) {
            const std::size_t size =
                std::min<std::size_t>(static_cast<std::size_t>(line(random)), 4096);
            const std::size_t offset = random() % (pool_.size() - 8192);
            const ByteView all(pool_);
            parts = {all.subspan(0, 1), all.subspan(offset, 32), all.subspan(offset + 32, 60),
                     all.subspan(offset + 92, size)};
            bytes += 93 + size;
        }
    }
    std::vector<MessageParts> messages;
    std::size_t bytes = 0;

private:
    Bytes pool_ = Bytes(1 << 20);
};

void report(benchmark::State& state, std::size_t events, std::size_t bytes) {
    const auto rounds = static_cast<std::int64_t>(state.iterations());
    state.SetItemsProcessed(rounds * static_cast<std::int64_t>(events));
    state.SetBytesProcessed(rounds * static_cast<std::int64_t>(bytes));
}

void one_by_one(benchmark::State& state) {
    const Events events(static_cast<std::size_t>(state.range(0)));
    std::vector<Digest> out(events.messages.size());
    for (auto _ : state) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            const MessageParts& parts = events.messages[i];
            out[i] = sha256({parts[0], parts[1], parts[2], parts[3]});
        }
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    report(state, out.size(), events.bytes);
}

void in_lanes(benchmark::State& state) {
    const Events events(static_cast<std::size_t>(state.range(0)));
    std::vector<Digest> out(events.messages.size());
    for (auto _ : state) {
        sha256_many(events.messages, out);
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    report(state, out.size(), events.bytes);
}

void nodes_one_by_one(benchmark::State& state) {
    const std::vector<Digest> children(2048);
    std::vector<Digest> parents(1024);
    for (auto _ : state) {
        for (std::size_t i = 0; i < parents.size(); ++i) {
            parents[i] = hash_node(children[2 * i], children[2 * i + 1]);
        }
        benchmark::DoNotOptimize(parents.data());
        benchmark::ClobberMemory();
    }
    report(state, parents.size(), parents.size() * 65);
}

void nodes_in_lanes(benchmark::State& state) {
    const std::vector<Digest> children(2048);
    std::vector<Digest> parents(1024);
    for (auto _ : state) {
        hash_nodes(children, parents);
        benchmark::DoNotOptimize(parents.data());
        benchmark::ClobberMemory();
    }
    report(state, parents.size(), parents.size() * 65);
}

BENCHMARK(one_by_one)->Arg(4)->Arg(6)->Arg(8)->Arg(16)->Arg(32)->Arg(256)->Arg(4096);
BENCHMARK(in_lanes)->Arg(4)->Arg(6)->Arg(8)->Arg(16)->Arg(32)->Arg(256)->Arg(4096);
BENCHMARK(nodes_one_by_one);
BENCHMARK(nodes_in_lanes);

}  // namespace

BENCHMARK_MAIN();
