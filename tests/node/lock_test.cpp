// Who comes second leaves everything as it is.
#include <filesystem>
#include <fstream>

#include "base/files.hpp"
#include "node/world.hpp"

namespace daicho::app::node::test {
namespace {

class SecondDaicho : public NodeWorld {
protected:
    Result<std::unique_ptr<Node>> second() {
        NodeOptions options;
        options.places = places_;
        options.commit.reserve_bytes = 0;
        return Node::open(real_files(), clock_, std::move(options), Log::none());
    }
};

TEST_F(SecondDaicho, IsRefusedBeforeItTouchesTheState) {
    close();
    // A state that every daicho would migrate, as one of an earlier version is.
    const std::string state = places_.data + "/state.db";
    std::filesystem::remove(state + "-wal");
    std::filesystem::remove(state + "-shm");
    std::ofstream(state, std::ios::trunc);
    {
        const Result<FileLock> first = FileLock::acquire(places_.data + "/lock");
        ASSERT_TRUE(first);
        const auto refused = second();
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::locked);
        EXPECT_EQ(std::filesystem::file_size(state), 0U) << "the state was migrated";
        EXPECT_FALSE(std::filesystem::exists(state + "-wal"));
    }
    // Without a first one it is migrated: what was held back above would have happened.
    EXPECT_FALSE(second());
    EXPECT_GT(std::filesystem::file_size(state), 0U);
}

TEST_F(SecondDaicho, IsRefusedUntilTheFirstHasClosedItsState) {
    const auto refused = second();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::locked);
    close();
    const auto opened = second();
    EXPECT_TRUE(opened) << opened.error().message;
}

}  // namespace
}  // namespace daicho::app::node::test
