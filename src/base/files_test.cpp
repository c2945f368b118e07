#include "base/files.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/fault.hpp"

namespace daicho {
namespace {

class FilesTest : public testing::Test {
protected:
    FilesTest() {
        std::string pattern = testing::TempDir() + "daicho-files-XXXXXX";
        root_ = ::mkdtemp(pattern.data());
    }
    ~FilesTest() override { std::filesystem::remove_all(root_); }
    [[nodiscard]] std::string at(const std::string& name) const { return root_ + "/" + name; }

    Files& files_ = real_files();
    std::string root_;
};

int error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const IoFault& fault) {
        return fault.error_number();
    }
    return 0;
}

TEST_F(FilesTest, AppendsInOrderAndReadsAnyPart) {
    const auto file = files_.open(at("a"), Files::Mode::append);
    file->append(view_of("one"));
    const ByteView parts[] = {view_of("two"), view_of(""), view_of("three")};
    file->append_parts(parts);
    file->sync_data();
    EXPECT_EQ(file->size(), 11U);
    EXPECT_EQ(text_of(file->read_at(3, 3)), "two");
    EXPECT_EQ(text_of(file->read_at(6, 100)), "three");
    EXPECT_TRUE(file->read_at(11, 5).empty());
}

TEST_F(FilesTest, AppendsMorePartsThanOneCallTakes) {
    std::vector<Bytes> pieces;
    std::string all;
    for (int i = 0; i < 1000; ++i) {
        pieces.push_back(to_bytes(std::to_string(i) + ","));
        all += std::to_string(i) + ",";
    }
    const std::vector<ByteView> parts(pieces.begin(), pieces.end());
    files_.open(at("a"), Files::Mode::append)->append_parts(parts);
    EXPECT_EQ(text_of(read_file(files_, at("a"))), all);
}

TEST_F(FilesTest, NeverOverwritesWhatShouldBeNew) {
    (void)files_.open(at("a"), Files::Mode::create_new);
    EXPECT_EQ(error_of([&] { (void)files_.open(at("a"), Files::Mode::create_new); }), EEXIST);
    struct stat info {};
    ASSERT_EQ(::stat(at("a").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_F(FilesTest, TruncatesAndGoesOnFromThere) {
    const auto file = files_.open(at("a"), Files::Mode::append);
    file->append(view_of("whole frame, torn fr"));
    file->truncate(11);
    file->append(view_of("!"));
    EXPECT_EQ(text_of(file->read_at(0, 100)), "whole frame!");
}

TEST_F(FilesTest, FailsWithTheReasonOfTheSystem) {
    EXPECT_EQ(error_of([&] { (void)files_.open(at("none"), Files::Mode::read); }), ENOENT);
    EXPECT_EQ(error_of([&] { files_.remove(at("none")); }), ENOENT);
    EXPECT_EQ(error_of([&] { (void)files_.list(at("none")); }), ENOENT);
    EXPECT_EQ(
        error_of([&] { files_.open("/dev/full", Files::Mode::append)->append(view_of("x")); }),
        ENOSPC);
}

TEST_F(FilesTest, ListsADirectoryInOrder) {
    files_.make_directories(at("x/y/z"));
    write_file_durably(files_, at("x/b"), view_of("12"));
    write_file_durably(files_, at("x/a"), view_of("1"));
    const auto entries = files_.list(at("x"));
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[0].name, "a");
    EXPECT_EQ(entries[1].size, 2U);
    EXPECT_TRUE(entries[2].is_directory);
    EXPECT_TRUE(files_.exists(at("x/y/z")));
    files_.remove_directory(at("x/y/z"));
    EXPECT_FALSE(files_.exists(at("x/y/z")));
}

TEST_F(FilesTest, ReplacesAFileWholeAndLeavesNothingBeside) {
    write_file_durably(files_, at("a"), view_of("old"));
    files_.open(at("a.tmp"), Files::Mode::append)->append(view_of("left by a crash"));
    write_file_durably(files_, at("a"), view_of("new"));
    EXPECT_EQ(text_of(read_file(files_, at("a"))), "new");
    EXPECT_EQ(files_.list(root_).size(), 1U);
    EXPECT_FALSE(read_file_if_exists(files_, at("b")).has_value());
}

TEST_F(FilesTest, RefusesToReadMoreThanAllowed) {
    write_file_durably(files_, at("a"), view_of("12345"));
    EXPECT_EQ(read_file(files_, at("a"), 5).size(), 5U);
    EXPECT_THROW((void)read_file(files_, at("a"), 4), Fault);
}

TEST_F(FilesTest, TakesNoMemoryForAFileThatWasMadeEnormous) {
    files_.open(at("a"), Files::Mode::append)->truncate(small_file_max + 1);
    EXPECT_THROW((void)read_file_if_exists(files_, at("a")), Fault);
    files_.open(at("a"), Files::Mode::append)->truncate(small_file_max);
    EXPECT_EQ(read_file_if_exists(files_, at("a"))->size(), small_file_max);
}

TEST_F(FilesTest, RefusesAPipeInsteadOfWaitingForItsOtherEnd) {
    ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
    // With both ends held, opening it could not hang this test.
    const int held = ::open(at("pipe").c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(held, 0);
    const auto open = [&] { (void)files_.open(at("pipe"), Files::Mode::read); };
    EXPECT_EQ(error_of(open), EINVAL);
    ::close(held);
    EXPECT_EQ(error_of(open), EINVAL);
    EXPECT_EQ(error_of([&] { (void)files_.open("/dev/zero", Files::Mode::read); }), EINVAL);
}

TEST_F(FilesTest, KnowsVolumesAndTheirRoom) {
    EXPECT_GT(files_.free_bytes(root_), 0U);
    EXPECT_NE(files_.volume_of(root_), files_.volume_of("/proc"));
    EXPECT_EQ(parent_of("a"), ".");
    EXPECT_EQ(parent_of("/a"), "/");
    EXPECT_EQ(parent_of("/a/b"), "/a");
}

TEST_F(FilesTest, LocksOutAnotherProcess) {
    const Result<FileLock> held = FileLock::acquire(at("lock"));
    ASSERT_TRUE(held.has_value());
    const pid_t child = ::fork();
    if (child == 0) {
        const Result<FileLock> second = FileLock::acquire(at("lock"));
        ::_exit(!second && second.error().code == Errc::locked ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST_F(FilesTest, FreesTheLockWithItsHolder) {
    { const Result<FileLock> held = FileLock::acquire(at("lock")); }
    EXPECT_TRUE(FileLock::acquire(at("lock")).has_value());
}

}  // namespace
}  // namespace daicho
