#pragma once
// The real file system with one way to fail: from a moment on, what is written to the ledger's
// write-ahead files can't be made durable, or finds no space.
#include <atomic>
#include <cerrno>

#include "base/fault.hpp"
#include "base/files.hpp"

namespace daicho::test {

class FailingFiles final : public Files {
public:
    enum class Failing { nothing, sync, space };
    std::atomic<Failing> failing{Failing::nothing};

    std::unique_ptr<File> open(const std::string& path, Mode mode) override {
        auto file = real_files().open(path, mode);
        if (path.find("/ledger/wal/") == std::string::npos) return file;
        return std::make_unique<WalFile>(std::move(file), failing);
    }
    void rename(const std::string& from, const std::string& to) override {
        real_files().rename(from, to);
    }
    void remove(const std::string& path) override { real_files().remove(path); }
    void shred(const std::string& path) override { real_files().shred(path); }
    void remove_directory(const std::string& path) override { real_files().remove_directory(path); }
    void make_directories(const std::string& path) override { real_files().make_directories(path); }
    void sync_directory(const std::string& path) override { real_files().sync_directory(path); }
    bool exists(const std::string& path) override { return real_files().exists(path); }
    std::vector<DirectoryEntry> list(const std::string& path) override {
        return real_files().list(path);
    }
    std::uint64_t free_bytes(const std::string& path) override {
        return failing == Failing::space ? 0 : real_files().free_bytes(path);
    }
    std::uint64_t volume_of(const std::string& path) override {
        // So that a folder beside the data can stand for another medium.
        return real_files().volume_of(path) + (path.find("/media") == std::string::npos ? 0 : 1);
    }

private:
    class WalFile final : public File {
    public:
        WalFile(std::unique_ptr<File> file, const std::atomic<Failing>& failing)
            : file_(std::move(file)), failing_(failing) {}
        void append(ByteView bytes) override {
            if (failing_ == Failing::space) throw IoFault("write", ENOSPC);
            file_->append(bytes);
        }
        void append_parts(std::span<const ByteView> parts) override {
            if (failing_ == Failing::space) throw IoFault("write", ENOSPC);
            file_->append_parts(parts);
        }
        [[nodiscard]] Bytes read_at(std::uint64_t offset, std::size_t size) const override {
            return file_->read_at(offset, size);
        }
        [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
        void truncate(std::uint64_t size) override { file_->truncate(size); }
        void sync_data() override {
            if (failing_ == Failing::sync) throw IoFault("fdatasync", EIO);
            file_->sync_data();
        }
        void start_writing(std::uint64_t offset, std::uint64_t size) override {
            file_->start_writing(offset, size);
        }
        void forget_cached() override { file_->forget_cached(); }
        void reserve(std::uint64_t size) override { file_->reserve(size); }

    private:
        std::unique_ptr<File> file_;
        const std::atomic<Failing>& failing_;
    };
};

}  // namespace daicho::test
