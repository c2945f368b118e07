#pragma once
// A ledger's life in small: opened, written, sealed, signed by the key of a new day, exported,
// retired, closed and opened again, on a disk that may fail anywhere. Whatever is refused is
// refused; the life goes on with the next step, as people and timers would. What was promised is
// noted and held against what is there afterwards.
#include <set>
#include <string>

#include "base/fault.hpp"
#include "faults/simulated_disk.hpp"
#include "ledger/ledger.hpp"

namespace daicho::test {

/// Goes by itself, a hundred times as fast as the wall clock: timers of the writer come soon.
class FastClock final : public Clock {
public:
    void advance(std::int64_t by_ns) { offset_ += by_ns; }
    [[nodiscard]] WallNs wall_ns() const override { return monotonic_ns() + start; }
    [[nodiscard]] std::int64_t monotonic_ns() const override;
    [[nodiscard]] BootId boot_id() const override { return {3}; }

private:
    static constexpr WallNs start = 1'795'305'600 * second_ns;  // 2026-11-22T00:00:00Z
    std::atomic<std::int64_t> offset_{0};
};

class Life {
public:
    /// A new ledger on a healthy disk.
    Life();
    ~Life();
    Life(const Life&) = delete;
    Life& operator=(const Life&) = delete;

    /// Every step of a life; gives up none because another one failed.
    void live();
    /// Opens, appends a little and closes: what a restart after the trouble does first.
    void live_on();
    /// Opens on what is there now and says what is wrong with it; empty if nothing is.
    [[nodiscard]] std::string judge();
    /// Why the writer of any of its ledgers has stopped; empty if none did.
    [[nodiscard]] const std::string& stopped() const noexcept { return stopped_; }

    SimulatedDisk disk;

private:
    bool open();
    void close();
    void append(const std::string& source, const std::string& retention_class, int count);
    void attempt(const std::function<Status()>& step);
    void export_copy();
    void retire_first_day();
    [[nodiscard]] bool wait_for_day_key();
    [[nodiscard]] std::string compare();
    [[nodiscard]] std::string verify(const std::string& path, bool deep = true) const;

    std::string root_;
    FastClock clock_;
    ledger::LedgerOptions options_;
    std::unique_ptr<ledger::Ledger> ledger_;
    std::map<std::uint64_t, std::string> promised_;  // by seq, of what is to be kept
    std::map<std::uint64_t, std::string> mortal_;    // promised, and perhaps retired since
    std::set<std::string> submitted_;                // whatever was ever handed over
    bool retired_ = false;                           // retire() said so
    bool retiring_ = false;                          // it was asked to
    std::string bundle_;                             // an export that was reported as done
    bool bundle_knows_retirement_ = false;           // and it was made after retire()
    int lines_ = 0;
    std::string refusal_;  // the last one
    std::string stopped_;
};

}  // namespace daicho::test
