#include "app/commands/output_file.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "store/test_support.hpp"

namespace daicho::app::commands {
namespace {

namespace fs = std::filesystem;

class Output : public ::testing::Test {
protected:
    Output() { console.directory = fs::current_path().string(); }
    [[nodiscard]] std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder.file("")), fs::directory_iterator()));
    }
    static std::string content(const std::string& path) {
        std::ostringstream out;
        out << std::ifstream(path).rdbuf();
        return out.str();
    }
    static void put(const std::string& path, const std::string& text) {
        std::ofstream(path) << text;
    }

    const store::test::TemporaryDirectory folder;
    std::ostringstream out, err;
    daicho::Progress progress;
    Console console{out, err, progress};
    const std::string path = folder.file("pack.zip");
};

TEST_F(Output, IsThereOnceItIsKept) {
    {
        Result<OutputFile> output = OutputFile::prepare(console, path, false);
        ASSERT_TRUE(output);
        EXPECT_EQ(files(), 0U);
        output->write([](const std::string& to) { put(to, "whole"); });
        EXPECT_FALSE(fs::exists(path));
        ASSERT_TRUE(output->keep());
    }
    EXPECT_EQ(content(path), "whole");
    EXPECT_EQ(files(), 1U);
}

TEST_F(Output, LeavesNothingOfWorkThatFails) {
    {
        Result<OutputFile> output = OutputFile::prepare(console, path, false);
        ASSERT_TRUE(output);
        const auto work = [](const std::string& to) {
            put(to, "half");
            throw IoFault("write " + to, ENOSPC);
        };
        try {
            output->write(work);
            FAIL() << "the fault was swallowed";
        } catch (const Fault& fault) {
            EXPECT_EQ(fault.what(), path + ": No space left on device");
        }
        EXPECT_EQ(files(), 1U);
    }
    EXPECT_EQ(files(), 0U);
}

TEST_F(Output, AFaultOfAnotherFileGoesOnAsItIs) {
    Result<OutputFile> output = OutputFile::prepare(console, path, false);
    ASSERT_TRUE(output);
    EXPECT_THROW(output->write([](const std::string&) { throw IoFault("read segment", EIO); }),
                 IoFault);
}

TEST_F(Output, WhatCameMeanwhileIsNotReplaced) {
    Result<OutputFile> output = OutputFile::prepare(console, path, false);
    ASSERT_TRUE(output);
    output->write([](const std::string& to) { put(to, "ours"); });
    put(path, "theirs");
    const Status kept = output->keep();
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().text_key, "cli.output_exists");
    EXPECT_EQ(content(path), "theirs");
}

TEST_F(Output, ForceReplacesOrdinaryFilesOnly) {
    put(path, "old");
    {
        Result<OutputFile> output = OutputFile::prepare(console, path, true);
        ASSERT_TRUE(output);
        output->write([](const std::string& to) { put(to, "new"); });
        EXPECT_EQ(content(path), "old");
        ASSERT_TRUE(output->keep());
    }
    EXPECT_EQ(content(path), "new");
    fs::create_symlink("pack.zip", folder.file("link"));
    const auto link = OutputFile::prepare(console, folder.file("link"), true);
    ASSERT_FALSE(link);
    EXPECT_EQ(link.error().text_key, "cli.output_special");
}

}  // namespace
}  // namespace daicho::app::commands
