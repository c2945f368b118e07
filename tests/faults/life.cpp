#include "faults/life.hpp"

#include <chrono>
#include <filesystem>
#include <thread>

#include "ledger/core/keys.hpp"
#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/render.hpp"
#include "ledger/keep/exporter.hpp"
#include "ledger/keep/retention.hpp"

namespace daicho::test {
namespace {

using namespace std::chrono_literals;

class NoFields final : public ledger::search::Extractor {
public:
    void extract(ByteView, WallNs, ledger::search::Fields& out) override { out = {}; }
};

std::string temporary_folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "daicho-faults-XXXXXX";
    check(::mkdtemp(pattern.data()) != nullptr, "a temporary folder");
    return pattern;
}

}  // namespace

std::int64_t FastClock::monotonic_ns() const {
    constexpr std::int64_t faster = 100;
    static const auto began = std::chrono::steady_clock::now();
    return second_ns + offset_ +
           faster * std::chrono::nanoseconds(std::chrono::steady_clock::now() - began).count();
}

Life::Life() : disk(temporary_folder()), root_(disk.root()) {
    options_.data_directory = root_ + "/data";
    options_.keys_directory = root_ + "/data.keys";
    options_.commit.reserve_bytes = 1;  // a full disk is low water
    options_.commit.heartbeat_ns = 20 * minute_ns;
    options_.commit.segment_age_ns = hour_ns;
    options_.seal.block_raw_bytes = 256;
    std::filesystem::create_directories(options_.data_directory);  // the lock is a real file
    const Status made =
        ledger::Ledger::create(disk, clock_, options_.data_directory, options_.keys_directory);
    check(made.has_value(), "a new ledger on a healthy disk");
}

Life::~Life() {
    ledger_.reset();
    std::filesystem::remove_all(root_);
}

void Life::attempt(const std::function<Status()>& step) {
    try {
        const Status done = step();
        if (!done) refusal_ = done.error().message;
    } catch (const Fault& fault) {
        refusal_ = fault.what();
    }
}

void Life::close() {
    if (ledger_ != nullptr && stopped_.empty()) stopped_ = ledger_->figures().stopped;
    ledger_.reset();
}

bool Life::open() {
    close();
    attempt([&]() -> Status {
        auto opened = ledger::Ledger::open(disk, clock_, options_,
                                           [] { return std::make_unique<NoFields>(); });
        if (!opened) return fail(opened.error());
        ledger_ = std::move(*opened);
        return {};
    });
    return ledger_ != nullptr;
}

void Life::append(const std::string& source, const std::string& retention_class, int count) {
    if (ledger_ == nullptr) return;
    ledger::Chunk chunk;
    chunk.source = source;
    chunk.retention_class = retention_class;
    if (source != "daicho") chunk.transport = ledger::Transport::file;
    std::vector<std::string> lines;
    for (int i = 0; i < count; ++i) {
        lines.push_back("line " + std::to_string(lines_++) + " of " + source);
        submitted_.insert(lines.back());
        const auto length = static_cast<std::uint32_t>(lines.back().size());
        chunk.items.push_back({static_cast<std::uint32_t>(chunk.data.size()), length, 0, length});
        ByteWriter(chunk.data).raw(view_of(lines.back()));
    }
    // A full disk is a state that passes: the sender keeps its events and comes again.
    for (int i = 0; i < 5; ++i) {
        const Result<ledger::Ticket> ticket = ledger_->submit(chunk);
        if (!ticket) {
            if (!ledger_->figures().stopped.empty()) return;
            std::this_thread::sleep_for(5ms);
            continue;
        }
        const Result<ledger::Receipt> receipt = ledger_->wait_durable(*ticket);
        if (!receipt) return;
        auto& promises = retention_class == "log" && !retiring_ ? mortal_ : promised_;
        for (std::size_t at = 0; at < lines.size(); ++at)
            promises[receipt->first_seq + at] = lines[at];
        return;
    }
}

bool Life::wait_for_day_key() {
    const std::string path =
        options_.keys_directory + "/day/" + ledger::core::day_of(clock_.wall_ns()) + ".key";
    for (int i = 0; i < 100 && ledger_->figures().stopped.empty(); ++i) {
        if (disk.exists(path)) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

void Life::export_copy() {
    if (ledger_ == nullptr) return;
    bundle_.clear();  // one that is cut short is to be finished before it says anything
    attempt([&]() -> Status {
        disk.make_directories(root_ + "/media");
        const auto report =
            ledger::keep::export_segments(*ledger_, {root_ + "/media", false}, true, nullptr);
        if (!report) return fail(report.error());
        bundle_ = report->bundle;
        bundle_knows_retirement_ = retiring_;
        return {};
    });
}

void Life::retire_first_day() {
    if (ledger_ == nullptr) return;
    attempt([&]() -> Status {
        const std::vector<std::string> days = ledger_->keyring().kek_days("log");
        if (days.empty()) return fail(Errc::not_found, "no key");
        retiring_ = true;
        const auto leaf = ledger::keep::retire(
            *ledger_, clock_, {"log", days.front(), 0, "rule-1", "account:1", "account:2"});
        if (!leaf) return fail(leaf.error());
        retired_ = true;
        return {};
    });
}

void Life::live() {
    open();
    append("import:a", "log", 3);
    append("udp:192.0.2.1", "log", 2);
    append("daicho", "evidence", 1);
    const auto seal = [&] {
        if (ledger_ != nullptr) attempt([&] { return ledger_->seal_now(); });
    };
    seal();
    append("import:a", "log", 2);
    clock_.advance(day_ns);
    if (ledger_ != nullptr) attempt([&]() -> Status { return (void)wait_for_day_key(), Status(); });
    export_copy();
    retire_first_day();
    append("import:a", "log", 1);
    append("daicho", "evidence", 1);
    if (ledger_ != nullptr && ledger_->figures().stopped.empty()) export_copy();
    open();
    append("import:a", "log", 1);
    close();
}

void Life::live_on() {
    open();
    retiring_ = true;
    append("import:b", "log", 2);
    append("daicho", "evidence", 1);
    ledger_.reset();
}

std::string Life::verify(const std::string& path, bool deep) const {
    ledger::core::verify::Options options;
    options.deep = deep;
    if (deep) options.keys_directory = options_.keys_directory;
    const auto report =
        ledger::core::verify::verify_ledger(const_cast<SimulatedDisk&>(disk), path, options);
    if (!report) return path + ": " + report.error().message;
    if (report->passed()) return {};
    return ledger::core::verify::to_text(*report, path, ledger::core::verify::Language::en);
}

std::string Life::compare() {
    std::map<std::uint64_t, std::string> there;
    std::string wrong;
    const auto take = [&](const ledger::core::BlockEvent& event) {
        const std::string raw(text_of(event.raw));
        if (!there.emplace(event.seq, raw).second)
            wrong += "event " + std::to_string(event.seq) + " is there twice\n";
        if (!submitted_.contains(raw)) wrong += "nobody sent '" + raw + "'\n";
    };
    for (const ledger::search::SegmentInfo& info : ledger_->segments().segments()) {
        for (std::uint32_t i = 0; i < info.blocks; ++i) {
            const auto block = ledger_->segments().block(info.id, i);
            if (!block && block.error().code == Errc::expired) continue;
            if (!block) return wrong + block.error().message + "\n";
            for (std::size_t row = 0; row < (*block)->size(); ++row) take((*block)->event(row));
        }
    }
    const Status tail =
        ledger_->segments().tail([&](const ledger::core::BlockEvent& event, const std::string&) {
            take(event);
            return true;
        });
    if (!tail) return wrong + tail.error().message + "\n";
    const auto demand = [&](const auto& promises) {
        for (const auto& [seq, line] : promises) {
            const auto found = there.find(seq);
            if (found == there.end())
                wrong += "event " + std::to_string(seq) + " was promised and is lost\n";
            else if (found->second != line)
                wrong += "event " + std::to_string(seq) + " is another than was promised\n";
        }
    };
    demand(promised_);
    if (!retiring_) demand(mortal_);
    return wrong;
}

std::string Life::judge() {
    if (!open()) return "the ledger does not open: " + refusal_ + "\n";
    ledger_.reset();
    const std::string at_once = verify(options_.data_directory);
    if (!at_once.empty()) return "after the restart: " + at_once;
    if (!open()) return "the ledger does not open again: " + refusal_ + "\n";
    // What an earlier run left is being sealed meanwhile: look again until nothing has moved.
    std::string wrong;
    std::size_t unsealed = 0;
    do {
        unsealed = ledger_->segments().unsealed().size();
        wrong = compare();
    } while (unsealed != ledger_->segments().unsealed().size());
    append("import:c", "log", 2);
    if (submitted_.size() != static_cast<std::size_t>(lines_)) wrong += "lines are not unique\n";
    const Status sealed = ledger_->seal_now();
    if (!sealed) wrong += "it can't be sealed: " + sealed.error().message + "\n";
    wrong += compare();
    const std::string before = bundle_;
    const bool knew = bundle_knows_retirement_;
    if (!ledger_->figures().stopped.empty()) wrong += ledger_->figures().stopped + "\n";
    ledger_.reset();
    wrong += verify(options_.data_directory);
    // Keyless where the keys of what is in it were destroyed after it was made.
    if (!before.empty()) wrong += verify(before, !retiring_ || knew);
    if (!open()) return wrong + "it does not open a third time: " + refusal_ + "\n";
    export_copy();
    ledger_.reset();
    if (bundle_.empty()) return wrong + "it can't be exported: " + refusal_ + "\n";
    wrong += verify(bundle_);
    return wrong;
}

}  // namespace daicho::test
