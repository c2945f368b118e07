// links: base crypto ledger_core
// The block codec against zstd -3 on the same blocks: bytes and CPU for each event. Usage:
// bench_block FILE [EVENTS]. FILE holds one event on each line. Medians of
// five rounds, interleaved.
#include <zstd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

#include "ledger/core/block.hpp"

namespace {

using namespace daicho;
using namespace daicho::ledger::core;

constexpr int rounds = 5;

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Piece {
    std::vector<BlockEvent> events;
    ByteView text;
};

std::vector<Piece> cut(const Bytes& text, std::size_t events_max) {
    std::vector<Piece> out(1);
    std::size_t begin = 0;
    std::uint64_t seq = 0;
    for (std::size_t at = 0; at < text.size() && seq < events_max; ++seq) {
        const auto end = static_cast<std::size_t>(
            std::find(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), '\n') -
            text.begin());
        BlockEvent event;
        event.seq = seq;
        event.raw = ByteView(text).subspan(at, end - at);
        event.true_length = event.raw.size();
        out.back().events.push_back(event);
        at = end + 1;
        if (at - begin >= block_raw_bytes_target) {
            out.back().text = ByteView(text).subspan(begin, std::min(at, text.size()) - begin);
            out.emplace_back();
            begin = at;
        }
    }
    out.pop_back();  // the last is not full
    return out;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_block FILE [EVENTS]\n");
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    const Bytes text{std::istreambuf_iterator<char>(file), {}};
    const auto pieces = cut(text, argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 250'000);
    if (pieces.empty()) {
        std::fprintf(stderr, "bench_block: less than one block of lines\n");
        return 1;
    }
    const std::vector<std::string> sources{"tcp:192.0.2.7"};
    std::size_t events = 0;
    for (const Piece& piece : pieces) events += piece.events.size();
    const auto per_event = [&](double value) { return value / static_cast<double>(events); };
    std::vector<double> encode, decode, peer;
    std::size_t packed_bytes = 0;
    std::size_t peer_bytes = 0;
    BlockEncoder encoder;
    ZSTD_CCtx* context = ZSTD_createCCtx();
    Bytes out(ZSTD_compressBound(4 * block_raw_bytes_target));
    for (int round = 0; round < rounds; ++round) {
        packed_bytes = peer_bytes = 0;
        std::vector<Bytes> packed;
        const double t0 = cpu_seconds();
        for (const Piece& piece : pieces) packed.push_back(*encoder.encode(piece.events, sources));
        const double t1 = cpu_seconds();
        std::size_t back = 0;
        for (const Bytes& block : packed) back += decode_block(block)->size();
        const double t2 = cpu_seconds();
        if (back != events) return 1;
        for (const Piece& piece : pieces) {
            peer_bytes += ZSTD_compressCCtx(context, out.data(), out.size(), piece.text.data(),
                                            piece.text.size(), 3);
        }
        const double t3 = cpu_seconds();
        for (const Bytes& block : packed) packed_bytes += block.size();
        encode.push_back(per_event(t1 - t0) * 1e6);
        decode.push_back(per_event(t2 - t1) * 1e6);
        peer.push_back(per_event(t3 - t2) * 1e6);
    }
    ZSTD_freeCCtx(context);
    std::printf("events\t%zu\n", events);
    std::printf("block\t%.2f B/event\tencode %.3f us\tdecode %.3f us (CPU, medians)\n",
                per_event(static_cast<double>(packed_bytes)), median(encode), median(decode));
    std::printf("zstd -3\t%.2f B/event\tencode %.3f us\n",
                per_event(static_cast<double>(peer_bytes)), median(peer));
    std::printf("ratio\t%.2f of the bytes\t%.2f of the CPU\n",
                static_cast<double>(packed_bytes) / static_cast<double>(peer_bytes),
                median(encode) / median(peer));
    return 0;
}
