// The parts of the kill test that must be fast (run.py has the rest):
//   kill_helper write DATA KEYS      appends at full rate and prints `A <seq>` for what is durable
//   kill_helper send PORT ROUND      sends RFC 6587 octet-counted lines until the receiver is gone
//   kill_helper check DATA KEYS N    opens, and demands every event below N with its exact content
//   kill_helper received DATA KEYS   opens, and demands of every round a beginning without a hole
// An event's content follows from its number, so that nothing has to be remembered outside.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <map>
#include <thread>

#include "base/clock.hpp"
#include "base/fault.hpp"
#include "ledger/ledger.hpp"

namespace {

using namespace daicho;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t events_per_chunk = 256;
constexpr std::size_t tickets_max = 64;  // in flight: enough to keep the writer busy
constexpr const char* source = "import:kill";

class NoFields final : public ledger::search::Extractor {
public:
    void extract(ByteView, WallNs, ledger::search::Fields& out) override { out = {}; }
};

/// About 200 bytes that no other number has.
std::string padding_of(std::uint64_t number) {
    std::string out;
    std::uint64_t state = number * 0x9E3779B97F4A7C15ULL + 1;
    while (out.size() < 150) {
        state ^= state >> 29;
        state *= 0xBF58476D1CE4E5B9ULL;
        out += " user" + std::to_string(state % 5000);
    }
    return out;
}

std::string line_of(std::uint64_t number) {
    return "<86>1 2026-11-22T00:00:00Z app sshd - - - event " + std::to_string(number) +
           padding_of(number);
}

std::string sent_line(std::uint64_t round, std::uint64_t number) {
    return "<86>1 2026-11-22T00:00:00Z app sshd - - - round " + std::to_string(round) + " n " +
           std::to_string(number) + padding_of(number + round);
}

std::unique_ptr<ledger::Ledger> open(const std::string& data, const std::string& keys) {
    ledger::LedgerOptions options;
    options.data_directory = data;
    options.keys_directory = keys;
    options.commit.reserve_bytes = 0;
    static const SystemClock clock;
    if (!real_files().exists(data + "/ledger/origin")) {
        const Status made = ledger::Ledger::create(real_files(), clock, data, keys);
        if (!made) throw Fault(made.error().message);
    }
    const auto began = Clock::now();
    auto opened = ledger::Ledger::open(real_files(), clock, options,
                                       [] { return std::make_unique<NoFields>(); });
    if (!opened) throw Fault(opened.error().message);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
    std::printf("opened %lld ms, torn %llu bytes\n", static_cast<long long>(took.count()),
                static_cast<unsigned long long>((*opened)->torn_bytes()));
    std::fflush(stdout);
    return std::move(*opened);
}

ledger::Chunk chunk_at(std::uint64_t first) {
    ledger::Chunk chunk;
    chunk.source = source;
    chunk.transport = ledger::Transport::file;
    for (std::uint32_t i = 0; i < events_per_chunk; ++i) {
        const std::string line = line_of(first + i);
        const auto length = static_cast<std::uint32_t>(line.size());
        chunk.items.push_back({static_cast<std::uint32_t>(chunk.data.size()), length, 0, length});
        ByteWriter(chunk.data).raw(view_of(line));
    }
    return chunk;
}

int write_until_killed(ledger::Ledger& ledger) {
    std::uint64_t next = ledger.figures().next_seq;
    std::deque<ledger::Ticket> waiting;
    while (true) {
        ledger::Chunk chunk = chunk_at(next);
        const Result<ledger::Ticket> ticket = ledger.submit(chunk);
        if (ticket) {
            waiting.push_back(*ticket);
            next += events_per_chunk;
            if (waiting.size() < tickets_max) continue;
        }
        if (waiting.empty()) continue;
        const Result<ledger::Receipt> receipt = ledger.wait_durable(waiting.front());
        if (!receipt) throw Fault(receipt.error().message);
        waiting.pop_front();
        std::printf("A %llu\n",
                    static_cast<unsigned long long>(receipt->first_seq + receipt->count - 1));
        std::fflush(stdout);
    }
}

int send_until_refused(const char* port, const char* round_text) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return 1;
    const std::uint64_t round = std::strtoull(round_text, nullptr, 10);
    std::uint64_t number = 0;
    while (true) {
        std::string block;
        for (int i = 0; i < 500; ++i) {
            const std::string line = sent_line(round, number++);
            block += std::to_string(line.size()) + " " + line;
        }
        for (std::size_t at = 0; at < block.size();) {
            const ssize_t done = ::send(fd, block.data() + at, block.size() - at, MSG_NOSIGNAL);
            if (done <= 0) {
                std::printf("sent %llu\n", static_cast<unsigned long long>(number));
                ::close(fd);
                return 0;
            }
            at += static_cast<std::size_t>(done);
        }
    }
}

using Visit = std::function<void(std::uint64_t seq, std::string_view source, std::string_view raw)>;

/// Sealed events block by block, then the rest; each exactly once or it throws.
std::uint64_t visit_all(ledger::Ledger& ledger, const Visit& visit) {
    std::vector<bool> seen;
    const auto take = [&](const ledger::core::BlockEvent& event, std::string_view from) {
        if (seen.size() <= event.seq) seen.resize(event.seq + 1);
        if (seen[event.seq]) throw Fault("event " + std::to_string(event.seq) + " is there twice");
        seen[event.seq] = true;
        visit(event.seq, from, text_of(event.raw));
    };
    for (const ledger::search::SegmentInfo& info : ledger.segments().segments()) {
        for (std::uint32_t i = 0; i < info.blocks; ++i) {
            const auto block = ledger.segments().block(info.id, i);
            if (!block) throw Fault(block.error().message);
            for (std::size_t row = 0; row < (*block)->size(); ++row) {
                const ledger::core::BlockEvent event = (*block)->event(row);
                take(event, (*block)->sources()[event.source]);
            }
        }
    }
    const Status tail =
        ledger.segments().tail([&](const ledger::core::BlockEvent& event, const std::string& from) {
            take(event, from);
            return true;
        });
    if (!tail) throw Fault(tail.error().message);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (!seen[i])
            throw Fault("event " + std::to_string(i) + " is missing among " +
                        std::to_string(seen.size()));
    }
    return seen.size();
}

int check_acknowledged(ledger::Ledger& ledger, std::uint64_t below) {
    // A file that is sealed while we look would be seen twice or not at all.
    const Status sealed = ledger.seal_now();
    if (!sealed) throw Fault(sealed.error().message);
    const std::uint64_t events =
        visit_all(ledger, [](std::uint64_t seq, std::string_view, std::string_view raw) {
            if (raw != line_of(seq))
                throw Fault("event " + std::to_string(seq) + " is not what was written");
        });
    if (events < below) {
        throw Fault(std::to_string(below) + " events were acknowledged and " +
                    std::to_string(events) + " are there");
    }
    std::printf("events %llu\n", static_cast<unsigned long long>(events));
    return 0;
}

/// The number after `word` in `text`.
std::uint64_t number_after(std::string_view text, std::string_view word) {
    const std::size_t at = text.find(word);
    std::uint64_t out = 0;
    if (at == std::string_view::npos) throw Fault("a line that nobody sent");
    std::from_chars(text.data() + at + word.size(), text.data() + text.size(), out);
    return out;
}

int check_received(ledger::Ledger& ledger) {
    const Status sealed = ledger.seal_now();
    if (!sealed) throw Fault(sealed.error().message);
    std::map<std::uint64_t, std::uint64_t> next;  // by round
    std::uint64_t cut = 0;
    std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> order;  // seq -> round, number
    visit_all(ledger, [&](std::uint64_t seq, std::string_view from, std::string_view raw) {
        if (!from.starts_with("tcp:")) return;
        const std::uint64_t round = number_after(raw, " round ");
        const std::uint64_t number = number_after(raw, " n ");
        if (raw != sent_line(round, number)) {
            // The sender was cut off in the middle of its last line: kept and flagged as it came.
            if (!sent_line(round, number).starts_with(raw)) throw Fault("a line was changed");
            ++cut;
            return;
        }
        order[seq] = {round, number};
    });
    for (const auto& [seq, what] : order) {
        const auto& [round, number] = what;
        if (number != next[round]++) {
            throw Fault("round " + std::to_string(round) + ": line " + std::to_string(number) +
                        " came when " + std::to_string(next[round] - 1) + " was due");
        }
    }
    for (const auto& [round, lines] : next)
        std::printf("round %llu lines %llu\n", static_cast<unsigned long long>(round),
                    static_cast<unsigned long long>(lines));
    std::printf("cut %llu\n", static_cast<unsigned long long>(cut));
    return 0;
}

int run(const std::vector<std::string>& arguments) {
    if (arguments.size() == 3 && arguments[0] == "send")
        return send_until_refused(arguments[1].c_str(), arguments[2].c_str());
    if (arguments.size() < 3) return 2;
    const auto ledger = open(arguments[1], arguments[2]);
    if (arguments[0] == "write") return write_until_killed(*ledger);
    if (arguments[0] == "received") return check_received(*ledger);
    if (arguments[0] == "check" && arguments.size() == 4)
        return check_acknowledged(*ledger, std::strtoull(arguments[3].c_str(), nullptr, 10));
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
