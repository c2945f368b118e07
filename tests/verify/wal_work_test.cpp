// A write-ahead file that somebody made in order to keep a reader busy. Work is counted in bytes.
#include <gtest/gtest.h>

#include "ledger/core/verify/ledger.hpp"
#include "support/memory_files.hpp"
#include "support/sample_ledger.hpp"

namespace daicho::ledger::core::verify {
namespace {

namespace fs = std::filesystem;
using test::SampleLedger;

/// The real file system for a reader, counting what is read of write-ahead files.
class CountingFiles final : public Files {
public:
    std::uint64_t read = 0;

    std::unique_ptr<File> open(const std::string& path, Mode mode) override {
        auto file = real_files().open(path, mode);
        if (path.find("/wal/") == std::string::npos) return file;
        return std::make_unique<CountedFile>(std::move(file), read);
    }
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
    void rename(const std::string&, const std::string&) override { refuse(); }
    void remove(const std::string&) override { refuse(); }
    void shred(const std::string&) override { refuse(); }
    void remove_directory(const std::string&) override { refuse(); }
    void make_directories(const std::string&) override { refuse(); }
    void sync_directory(const std::string&) override { refuse(); }

private:
    [[noreturn]] static void refuse() { throw IoFault("a reader writes", EROFS); }
    class CountedFile final : public File {
    public:
        CountedFile(std::unique_ptr<File> file, std::uint64_t& read)
            : file_(std::move(file)), read_(read) {}
        [[nodiscard]] Bytes read_at(std::uint64_t offset, std::size_t size) const override {
            Bytes out = file_->read_at(offset, size);
            read_ += out.size();
            return out;
        }
        [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
        void append(ByteView) override { refuse(); }
        void append_parts(std::span<const ByteView>) override { refuse(); }
        void truncate(std::uint64_t) override { refuse(); }
        void sync_data() override { refuse(); }
        void start_writing(std::uint64_t, std::uint64_t) override {}
        void forget_cached() override {}
        void reserve(std::uint64_t) override { refuse(); }

    private:
        std::unique_ptr<File> file_;
        std::uint64_t& read_;
    };
};

class WalWork : public ::testing::Test {
protected:
    void SetUp() override {
        sample_.open();
        sample_.append({"one"}, "import:a");
        sample_.publish();
        sample_.close();
        for (const auto& entry : fs::directory_iterator(sample_.path() + "/wal"))
            wal_ = std::max(wal_, entry.path().string());
    }
    void append(ByteView bytes) { real_files().open(wal_, Files::Mode::append)->append(bytes); }
    /// Also judges: the write-ahead log does not hold.
    std::uint64_t bytes_read() {
        CountingFiles files;
        Options options;
        const Result<Report> report = verify_ledger(files, sample_.path(), options);
        EXPECT_TRUE(report);
        EXPECT_TRUE(std::ranges::any_of(
            report->findings, [](const Finding& one) { return one.problem == Problem::wal; }));
        return files.read;
    }
    /// A start: refused, or the tail is cut; the bytes of a file are in memory then.
    void expect_refused() {
        const auto opened = Ledger::open(real_files(), sample_.clock, sample_.options,
                                         [] { return std::make_unique<test::NoFields>(); });
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, Errc::tampered);
    }

    SampleLedger sample_;
    std::string wal_;
};

TEST_F(WalWork, of_a_tail_of_magic_is_bounded_by_the_file) {
    Bytes tail(1);
    while (tail.size() < (std::size_t{4} << 20)) ByteWriter(tail).raw(to_bytes("DWF1"));
    append(tail);
    EXPECT_LE(bytes_read(), 6 * fs::file_size(wal_));
    expect_refused();
}

TEST_F(WalWork, of_heads_that_promise_large_bodies_is_bounded_by_the_file) {
    Bytes tail(1);
    for (std::uint64_t i = 0; i < 4096; ++i) {
        FrameHead head;
        head.leaf_index = 1'000'000 + i;
        head.class_index = 0;
        head.leaf_length = 2;
        head.body_length = std::uint32_t{15} << 20;
        ByteWriter(tail).raw(encode(head));
    }
    tail.resize(tail.size() + (std::size_t{16} << 20));
    append(tail);
    EXPECT_LE(bytes_read(), 6 * fs::file_size(wal_));
    expect_refused();
}

TEST_F(WalWork, of_a_file_larger_than_any_writer_makes_is_none) {
    fs::resize_file(wal_, wal_file_max + 1);
    EXPECT_EQ(bytes_read(), 0U);
}

}  // namespace
}  // namespace daicho::ledger::core::verify
