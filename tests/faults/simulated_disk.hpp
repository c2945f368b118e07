#pragma once
// A disk in memory that fails when told and loses what was never made durable, as a real one does
// behind its page cache:
// - what is written is seen at once and lies on the medium only after sync_data();
// - a name made, renamed or removed is on the medium only after sync_directory() of its folder;
// - a failed sync marks its pages clean: a later sync succeeds without them (the kernel reports an
//   error once), and forget_cached() shows what the medium really holds.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "base/files.hpp"
#include "base/mutex.hpp"

namespace daicho::test {

/// What goes wrong, and which calls are counted to find the moment.
enum class Trouble {
    none,
    io_error,     // that call (of any kind) fails with EIO
    no_space,     // from that call on every call that needs space fails; after somebody has asked
                  // for the free space `asked_max` times there is some again
    short_write,  // that append writes half of its bytes and fails
    lost_sync,    // that sync fails, and what it was to save is lost
    power_cut,    // from that call on every call fails, until crash()
};

/// What is left after the power was cut, or the process killed.
enum class Remains {
    everything,  // only the process has died
    durable,     // nothing but what was synced
    torn,        // some of what was not synced: a prefix of every file and of the changes of names
};

/// Thread-safe. Folders that are not below `root` exist and are empty.
class SimulatedDisk final : public Files {
public:
    explicit SimulatedDisk(std::string root);
    [[nodiscard]] const std::string& root() const noexcept { return root_; }
    ~SimulatedDisk() override;

    /// Counts from now on; the `at`-th call of the kind that the trouble is about (from 0) fails.
    void plan(Trouble trouble, std::uint64_t at);
    /// With true a full disk has space only after heal().
    void stay_full(bool on);
    /// Calls counted since plan(); what happens at calls beyond it was not tried.
    [[nodiscard]] std::uint64_t counted() const;
    /// Whether the planned trouble has come.
    [[nodiscard]] bool struck() const;
    /// The disk works again; what a failed sync lost stays lost.
    void heal();
    /// The disk after a restart: healed, with what `remains`. No File may be in use.
    void crash(Remains remains, std::uint64_t seed);

    std::unique_ptr<File> open(const std::string& path, Mode mode) override;
    void rename(const std::string& from, const std::string& to) override;
    void remove(const std::string& path) override;
    void shred(const std::string& path) override;
    void remove_directory(const std::string& path) override;
    void make_directories(const std::string& path) override;
    void sync_directory(const std::string& path) override;
    [[nodiscard]] bool exists(const std::string& path) override;
    [[nodiscard]] std::vector<DirectoryEntry> list(const std::string& path) override;
    [[nodiscard]] std::uint64_t free_bytes(const std::string& path) override;
    [[nodiscard]] std::uint64_t volume_of(const std::string& path) override;

private:
    static constexpr int asked_max = 3;
    enum class Kind { read, write, change, sync };
    struct Node {
        bool is_directory = false;
        Bytes seen;
        Bytes medium;
        std::size_t clean_to = 0;  // bytes before it have been handed to the medium, or were lost
    };
    using NodePtr = std::shared_ptr<Node>;
    using Names = std::map<std::string, NodePtr>;
    /// A change of names that is not on the medium yet. `from` empty: a new name; `to` empty: gone.
    struct Change {
        std::string from;
        std::string to;
        NodePtr node;
    };
    class OpenFile;

    void call(Kind kind, const char* what, const std::string& path) DAICHO_REQUIRES(mutex_);
    [[nodiscard]] NodePtr find(const std::string& path) const DAICHO_REQUIRES(mutex_);
    void link(const std::string& path, NodePtr node) DAICHO_REQUIRES(mutex_);
    void unlink(const std::string& path) DAICHO_REQUIRES(mutex_);
    void save_names(const std::string& folder) DAICHO_REQUIRES(mutex_);
    static void save(Node& node);
    static void apply(Names& names, const Change& change);
    static void settle(Node& node, Remains remains, std::mt19937_64& random);

    std::string root_;
    mutable Mutex mutex_;
    Names seen_ DAICHO_GUARDED_BY(mutex_);
    Names medium_ DAICHO_GUARDED_BY(mutex_);
    std::deque<Change> changes_ DAICHO_GUARDED_BY(mutex_);
    Trouble trouble_ DAICHO_GUARDED_BY(mutex_) = Trouble::none;
    std::uint64_t at_ DAICHO_GUARDED_BY(mutex_) = 0;
    std::uint64_t counted_ DAICHO_GUARDED_BY(mutex_) = 0;
    bool struck_ DAICHO_GUARDED_BY(mutex_) = false;
    bool stays_full_ DAICHO_GUARDED_BY(mutex_) = false;
    int asked_ DAICHO_GUARDED_BY(mutex_) = 0;
};

}  // namespace daicho::test
