#include "faults/simulated_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/fault.hpp"

namespace daicho::test {

class SimulatedDisk::OpenFile final : public File {
public:
    OpenFile(SimulatedDisk& disk, NodePtr node, std::string path, bool writable)
        : disk_(disk), node_(std::move(node)), path_(std::move(path)), writable_(writable) {}

    void append(ByteView bytes) override {
        const MutexLock lock(disk_.mutex_);
        if (!writable_) throw IoFault("write " + path_, EBADF);
        const std::size_t before = node_->seen.size();
        node_->seen.insert(node_->seen.end(), bytes.begin(), bytes.end());
        try {
            disk_.call(Kind::write, "write", path_);
        } catch (const IoFault&) {
            // What a failed write leaves: the half that got through, or nothing.
            const bool partly =
                disk_.trouble_ == Trouble::short_write || disk_.trouble_ == Trouble::no_space;
            node_->seen.resize(before + (partly ? bytes.size() / 2 : 0));
            throw;
        }
    }
    void append_parts(std::span<const ByteView> parts) override {
        Bytes all;
        for (const ByteView part : parts) all.insert(all.end(), part.begin(), part.end());
        append(all);
    }
    [[nodiscard]] Bytes read_at(std::uint64_t offset, std::size_t size) const override {
        const MutexLock lock(disk_.mutex_);
        disk_.call(Kind::read, "read", path_);
        const std::size_t from = std::min<std::size_t>(offset, node_->seen.size());
        const std::size_t to = from + std::min(size, node_->seen.size() - from);
        return {node_->seen.begin() + static_cast<std::ptrdiff_t>(from),
                node_->seen.begin() + static_cast<std::ptrdiff_t>(to)};
    }
    [[nodiscard]] std::uint64_t size() const override {
        const MutexLock lock(disk_.mutex_);
        disk_.call(Kind::read, "stat", path_);
        return node_->seen.size();
    }
    void truncate(std::uint64_t size) override {
        const MutexLock lock(disk_.mutex_);
        disk_.call(Kind::change, "truncate", path_);
        node_->seen.resize(size);
        node_->clean_to = std::min<std::size_t>(node_->clean_to, size);
    }
    void sync_data() override {
        const MutexLock lock(disk_.mutex_);
        try {
            disk_.call(Kind::sync, "fdatasync", path_);
        } catch (const IoFault&) {
            if (disk_.trouble_ == Trouble::lost_sync || disk_.trouble_ == Trouble::io_error) {
                node_->medium.resize(node_->seen.size());
                node_->clean_to = node_->seen.size();
            }
            throw;
        }
        save(*node_);
    }
    void start_writing(std::uint64_t, std::uint64_t) override {}  // may reach the medium anyway
    void forget_cached() override {
        const MutexLock lock(disk_.mutex_);
        const std::size_t clean = std::min(node_->clean_to, node_->medium.size());
        std::copy_n(node_->medium.begin(), clean, node_->seen.begin());
    }
    void reserve(std::uint64_t) override {
        const MutexLock lock(disk_.mutex_);
        disk_.call(Kind::write, "reserve", path_);
    }

private:
    SimulatedDisk& disk_;
    NodePtr node_;
    std::string path_;
    bool writable_;
};

SimulatedDisk::SimulatedDisk(std::string root) : root_(std::move(root)) {
    const MutexLock lock(mutex_);
    const auto folder = std::make_shared<Node>();
    folder->is_directory = true;
    seen_[root_] = medium_[root_] = folder;
}

SimulatedDisk::~SimulatedDisk() = default;

void SimulatedDisk::plan(Trouble trouble, std::uint64_t at) {
    const MutexLock lock(mutex_);
    trouble_ = trouble;
    at_ = at;
    counted_ = 0;
    asked_ = 0;
    struck_ = false;
}

std::uint64_t SimulatedDisk::counted() const {
    const MutexLock lock(mutex_);
    return counted_;
}

bool SimulatedDisk::struck() const {
    const MutexLock lock(mutex_);
    return struck_;
}

void SimulatedDisk::stay_full(bool on) {
    const MutexLock lock(mutex_);
    stays_full_ = on;
}

void SimulatedDisk::heal() {
    const MutexLock lock(mutex_);
    trouble_ = Trouble::none;
}

void SimulatedDisk::call(Kind kind, const char* what, const std::string& path) {
    const bool counts = trouble_ == Trouble::short_write ? kind == Kind::write
                        : trouble_ == Trouble::lost_sync ? kind == Kind::sync
                                                         : true;
    if (!counts) return;
    const bool now = counted_++ == at_ && trouble_ != Trouble::none;
    struck_ = struck_ || now;
    const std::string doing = std::string(what) + " " + path;
    switch (trouble_) {
        case Trouble::none:
            return;
        case Trouble::io_error:
        case Trouble::short_write:
        case Trouble::lost_sync:
            if (now) throw IoFault(doing, EIO);
            return;
        case Trouble::no_space:
            if (struck_ && kind == Kind::write) throw IoFault(doing, ENOSPC);
            return;
        case Trouble::power_cut:
            if (struck_) throw IoFault(doing, EIO);
            return;
    }
}

SimulatedDisk::NodePtr SimulatedDisk::find(const std::string& path) const {
    const auto found = seen_.find(path);
    return found == seen_.end() ? nullptr : found->second;
}

void SimulatedDisk::apply(Names& names, const Change& change) {
    if (!change.from.empty()) names.erase(change.from);
    if (!change.to.empty()) names[change.to] = change.node;
}

void SimulatedDisk::link(const std::string& path, NodePtr node) {
    changes_.push_back({"", path, std::move(node)});
    apply(seen_, changes_.back());
}

void SimulatedDisk::unlink(const std::string& path) {
    changes_.push_back({path, "", nullptr});
    apply(seen_, changes_.back());
}

void SimulatedDisk::save_names(const std::string& folder) {
    std::deque<Change> later;
    for (Change& change : changes_) {
        const std::string& path = change.to.empty() ? change.from : change.to;
        if (parent_of(path) == folder) {
            apply(medium_, change);
        } else {
            later.push_back(std::move(change));
        }
    }
    changes_ = std::move(later);
}

void SimulatedDisk::save(Node& node) {
    node.medium.resize(node.seen.size());
    std::copy(node.seen.begin() + static_cast<std::ptrdiff_t>(node.clean_to), node.seen.end(),
              node.medium.begin() + static_cast<std::ptrdiff_t>(node.clean_to));
    node.clean_to = node.seen.size();
}

void SimulatedDisk::settle(Node& node, Remains remains, std::mt19937_64& random) {
    if (remains == Remains::everything) return;
    if (remains == Remains::torn && node.seen.size() > node.medium.size()) {
        // The kernel may have begun to write out by itself; pages go in any order, so that the end
        // can be there before the middle.
        const std::size_t from = node.medium.size();
        const std::size_t length = random() % (node.seen.size() - from + 1);
        const bool hole = length > 1 && random() % 3 == 0;
        node.medium.resize(from + length);
        for (std::size_t i = hole ? length / 2 : 0; i < length; ++i)
            node.medium[from + i] = node.seen[from + i];
    }
    node.seen = node.medium;
    node.clean_to = node.seen.size();
}

void SimulatedDisk::crash(Remains remains, std::uint64_t seed) {
    const MutexLock lock(mutex_);
    std::mt19937_64 random(seed);
    trouble_ = Trouble::none;
    if (remains == Remains::everything) return;
    const std::size_t kept = remains == Remains::torn ? random() % (changes_.size() + 1) : 0;
    for (std::size_t i = 0; i < kept; ++i) apply(medium_, changes_[i]);
    changes_.clear();
    // A name in a folder that was itself never saved leads nowhere.
    Names reachable;
    for (const auto& [path, node] : medium_) {
        if (reachable.empty() || reachable.contains(parent_of(path))) reachable.emplace(path, node);
    }
    medium_ = reachable;
    seen_ = std::move(reachable);
    std::set<NodePtr> settled;
    for (const auto& [path, node] : seen_) {
        if (settled.insert(node).second) settle(*node, remains, random);
    }
}

std::unique_ptr<File> SimulatedDisk::open(const std::string& path, Mode mode) {
    const MutexLock lock(mutex_);
    NodePtr node = find(path);
    const bool makes = mode != Mode::read && node == nullptr;
    call(makes ? Kind::write : Kind::read, "open", path);
    if (mode == Mode::create_new && node != nullptr) throw IoFault("open " + path, EEXIST);
    if (mode == Mode::read && node == nullptr) throw IoFault("open " + path, ENOENT);
    if (makes) {
        if (find(parent_of(path)) == nullptr) throw IoFault("open " + path, ENOENT);
        node = std::make_shared<Node>();
        link(path, node);
    }
    return std::make_unique<OpenFile>(*this, std::move(node), path, mode != Mode::read);
}

void SimulatedDisk::rename(const std::string& from, const std::string& to) {
    const MutexLock lock(mutex_);
    call(Kind::change, "rename", from);
    const NodePtr node = find(from);
    if (node == nullptr) throw IoFault("rename " + from, ENOENT);
    changes_.push_back({from, to, node});
    apply(seen_, changes_.back());
}

void SimulatedDisk::remove(const std::string& path) {
    const MutexLock lock(mutex_);
    call(Kind::change, "remove", path);
    if (find(path) == nullptr) throw IoFault("remove " + path, ENOENT);
    unlink(path);
}

void SimulatedDisk::shred(const std::string& path) {
    {
        const MutexLock lock(mutex_);
        call(Kind::change, "overwrite", path);
        const NodePtr node = find(path);
        if (node == nullptr) throw IoFault("open " + path, ENOENT);
        std::fill(node->seen.begin(), node->seen.end(), std::uint8_t{0});
        node->medium = node->seen;
        node->clean_to = node->seen.size();
    }
    remove(path);
    sync_directory(parent_of(path));
}

void SimulatedDisk::remove_directory(const std::string& path) {
    const MutexLock lock(mutex_);
    call(Kind::change, "remove directory", path);
    const auto next = seen_.upper_bound(path + "/");
    if (next != seen_.end() && next->first.starts_with(path + "/"))
        throw IoFault("remove directory " + path, ENOTEMPTY);
    unlink(path);
}

void SimulatedDisk::make_directories(const std::string& path) {
    if (path.empty() || exists(path)) return;
    const std::string parent = parent_of(path);
    if (parent != path) make_directories(parent);
    {
        const MutexLock lock(mutex_);
        call(Kind::write, "mkdir", path);
        const auto folder = std::make_shared<Node>();
        folder->is_directory = true;
        link(path, folder);
    }
    sync_directory(parent);
}

void SimulatedDisk::sync_directory(const std::string& path) {
    const MutexLock lock(mutex_);
    call(Kind::sync, "fsync directory", path);
    if (find(path) == nullptr) throw IoFault("open directory " + path, ENOENT);
    save_names(path);
}

bool SimulatedDisk::exists(const std::string& path) {
    const MutexLock lock(mutex_);
    call(Kind::read, "stat", path);
    return find(path) != nullptr;
}

std::vector<DirectoryEntry> SimulatedDisk::list(const std::string& path) {
    const MutexLock lock(mutex_);
    call(Kind::read, "list", path);
    if (find(path) == nullptr) throw IoFault("list " + path, ENOENT);
    std::vector<DirectoryEntry> out;
    for (auto at = seen_.upper_bound(path + "/");
         at != seen_.end() && at->first.starts_with(path + "/"); ++at) {
        if (parent_of(at->first) != path) continue;
        out.push_back(
            {at->first.substr(path.size() + 1), at->second->is_directory, at->second->seen.size()});
    }
    return out;
}

std::uint64_t SimulatedDisk::free_bytes(const std::string& path) {
    const MutexLock lock(mutex_);
    call(Kind::read, "statvfs", path);
    constexpr std::uint64_t roomy = std::uint64_t{1} << 40;
    if (trouble_ != Trouble::no_space || !struck_) return roomy;
    if (!stays_full_ && ++asked_ > asked_max) trouble_ = Trouble::none;
    return 0;
}

std::uint64_t SimulatedDisk::volume_of(const std::string& path) {
    const MutexLock lock(mutex_);
    call(Kind::read, "stat", path);
    return path.find("/media") == std::string::npos ? 1 : 2;
}

}  // namespace daicho::test
