#pragma once
// Lets a test act at a certain moment of what somebody else does with files.
#include <functional>

#include "base/files.hpp"

namespace daicho::test {

/// The real file system, where something happens when a file gets its name or goes.
class HookedFiles final : public Files {
public:
    // To be set before anybody uses it; called on the thread of whoever does.
    std::function<void(const std::string& to)> after_rename;
    std::function<void(const std::string& path)> before_remove;

    void rename(const std::string& from, const std::string& to) override {
        real_files().rename(from, to);
        if (after_rename) after_rename(to);
    }
    std::unique_ptr<File> open(const std::string& path, Mode mode) override {
        return real_files().open(path, mode);
    }
    void remove(const std::string& path) override {
        if (before_remove) before_remove(path);
        real_files().remove(path);
    }
    void shred(const std::string& path) override { real_files().shred(path); }
    void remove_directory(const std::string& path) override { real_files().remove_directory(path); }
    void make_directories(const std::string& path) override { real_files().make_directories(path); }
    void sync_directory(const std::string& path) override { real_files().sync_directory(path); }
    bool exists(const std::string& path) override { return real_files().exists(path); }
    std::vector<DirectoryEntry> list(const std::string& path) override {
        return real_files().list(path);
    }
    std::uint64_t free_bytes(const std::string& path) override {
        return real_files().free_bytes(path);
    }
    std::uint64_t volume_of(const std::string& path) override {
        return real_files().volume_of(path);
    }
};

}  // namespace daicho::test
