#pragma once
// A directory in memory, for reading: tests change single bytes of it thousands of times. Whoever
// tries to write gets a fault, so a verifier that runs on it has proven that it only reads.
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>

#include "base/fault.hpp"
#include "base/files.hpp"

namespace daicho::test {

class MemoryFiles final : public Files {
public:
    /// Everything below `root`, by absolute path.
    static MemoryFiles load(const std::string& root) {
        MemoryFiles out;
        out.folders_.insert(root);
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
            if (entry.is_directory()) out.folders_.insert(entry.path());
            if (entry.is_regular_file())
                out.content[entry.path()] = read_file(real_files(), entry.path());
        }
        return out;
    }
    /// Writes everything to the same paths below another root.
    void store(const std::string& root, const std::string& to) const {
        std::filesystem::create_directories(to);
        for (const std::string& folder : folders_)
            std::filesystem::create_directories(to + folder.substr(root.size()));
        for (const auto& [path, bytes] : content) {
            const auto file = real_files().open(to + path.substr(root.size()), Mode::create_new);
            file->append(bytes);
        }
    }

    /// A file, and the folders above it.
    void add(const std::string& path, Bytes bytes) {
        content[path] = std::move(bytes);
        for (std::string folder = parent_of(path); folder.size() > 1; folder = parent_of(folder))
            folders_.insert(folder);
    }

    std::map<std::string, Bytes> content;

    std::unique_ptr<File> open(const std::string& path, Mode mode) override {
        const auto found = content.find(path);
        if (mode != Mode::read) refuse("open for writing");
        if (found == content.end()) throw IoFault("open " + path, ENOENT);
        return std::make_unique<MemoryFile>(found->second);
    }
    bool exists(const std::string& path) override {
        return content.contains(path) || folders_.contains(path);
    }
    std::vector<DirectoryEntry> list(const std::string& path) override {
        if (!folders_.contains(path)) throw IoFault("list " + path, ENOENT);
        std::map<std::string, DirectoryEntry> out;
        for (const std::string& folder : folders_) {
            if (parent_of(folder) == path) out[name_of(folder)] = {name_of(folder), true, 0};
        }
        for (const auto& [file, bytes] : content) {
            if (parent_of(file) == path) out[name_of(file)] = {name_of(file), false, bytes.size()};
        }
        std::vector<DirectoryEntry> list;
        for (auto& [name, entry] : out) list.push_back(std::move(entry));
        return list;
    }
    std::uint64_t free_bytes(const std::string&) override { return 0; }
    std::uint64_t volume_of(const std::string&) override { return 0; }
    void rename(const std::string&, const std::string&) override { refuse("rename"); }
    void remove(const std::string&) override { refuse("remove"); }
    void shred(const std::string&) override { refuse("shred"); }
    void remove_directory(const std::string&) override { refuse("remove_directory"); }
    void make_directories(const std::string&) override { refuse("make_directories"); }
    void sync_directory(const std::string&) override { refuse("sync_directory"); }

    class MemoryFile final : public File {
    public:
        explicit MemoryFile(const Bytes& bytes) : bytes_(bytes) {}
        [[nodiscard]] Bytes read_at(std::uint64_t offset, std::size_t size) const override {
            const std::size_t from = std::min<std::size_t>(offset, bytes_.size());
            const std::size_t to = from + std::min(size, bytes_.size() - from);
            return {bytes_.begin() + static_cast<std::ptrdiff_t>(from),
                    bytes_.begin() + static_cast<std::ptrdiff_t>(to)};
        }
        [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
        void append(ByteView) override { refuse("append"); }
        void append_parts(std::span<const ByteView>) override { refuse("append"); }
        void truncate(std::uint64_t) override { refuse("truncate"); }
        void sync_data() override { refuse("sync"); }
        void start_writing(std::uint64_t, std::uint64_t) override {}
        void forget_cached() override {}
        void reserve(std::uint64_t) override { refuse("reserve"); }

    private:
        const Bytes& bytes_;
    };

private:
    static std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }
    [[noreturn]] static void refuse(const char* what) {
        throw IoFault(std::string("a reader called ") + what, EROFS);
    }
    std::set<std::string> folders_;
};

}  // namespace daicho::test
