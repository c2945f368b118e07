#pragma once
// One whole node with its services, on files that can be made to fail and a clock that moves.
#include <gtest/gtest.h>

#include <filesystem>

#include "app/node/node.hpp"
#include "faults/failing_files.hpp"
#include "support/moving_clock.hpp"

namespace daicho::test {

class NodeWorld {
public:
    NodeWorld() {
        std::string pattern = ::testing::TempDir() + "daicho-node-XXXXXX";
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        root = pattern;
        options.places = {root + "/data", root + "/data.keys",
                          std::string(DAICHO_SOURCE_DIR) + "/content", ""};
        options.commit.reserve_bytes = 1;
        options.commit.checkpoint_ns = 20'000'000;
        const auto made =
            app::node::initialise(files, clock, options.places, "見本株式会社", "admin", {});
        EXPECT_TRUE(made) << made.error().message;
    }
    NodeWorld(const NodeWorld&) = delete;
    NodeWorld& operator=(const NodeWorld&) = delete;
    ~NodeWorld() {
        close();
        std::filesystem::remove_all(root);
    }

    void open() {
        auto opened = app::node::Node::open(files, clock, options, Log::none());
        ASSERT_TRUE(opened) << opened.error().message;
        node = std::move(*opened);
        const auto content = register_::load_content(files, options.places.content);
        ASSERT_TRUE(content) << content.error().message;
        content_ = *content;
        sources_ =
            std::make_unique<app::node::Sources>(node->database(), content_, node->board(), clock);
        const auto extractor = [this] { return node->make_extractor(); };
        events = std::make_unique<app::node::Events>(node->ledger(), node->searcher(),
                                                     node->access().access, *sources_, extractor);
        const auto zone = calendar::Zone::find("Asia/Tokyo");
        aggregates_ = std::make_unique<app::node::Aggregates>(node->searcher(), *sources_,
                                                              node->database(), *zone, extractor);
        duties = std::make_unique<app::node::Duties>(app::node::Duties::Parts{
            node->database(), node->ledger(), node->pump(), node->access().access, *sources_,
            node->compliance(), node->upkeep(), *aggregates_, clock});
    }
    void close() {
        duties.reset();
        events.reset();
        aggregates_.reset();
        sources_.reset();
        node.reset();
    }
    /// One line of a log, durable when this returns; its sequence number.
    std::uint64_t append(const std::string& line) {
        ledger::Chunk chunk;
        chunk.source = "import:test";
        chunk.transport = ledger::Transport::file;
        chunk.data = to_bytes(line);
        const auto length = static_cast<std::uint32_t>(line.size());
        chunk.items.push_back({0, length, 0, length});
        const auto ticket = node->ledger().submit(chunk);
        EXPECT_TRUE(ticket);
        const auto receipt = node->ledger().wait_durable(*ticket);
        EXPECT_TRUE(receipt);
        return receipt ? receipt->first_seq : 0;
    }
    void publish() {
        ASSERT_TRUE(node->ledger().wait_published(node->ledger().figures().tree_size - 1));
    }
    /// The first account, as if it were the security officer.
    static access::Caller officer() {
        access::Caller out;
        out.account_id = 1;
        out.login = "admin";
        out.roles = {access::Role::security_officer};
        out.address = "192.0.2.10";
        return out;
    }

    FailingFiles files;
    MovingClock clock;
    std::string root;
    app::node::NodeOptions options;
    std::unique_ptr<app::node::Node> node;
    std::unique_ptr<app::node::Events> events;
    std::unique_ptr<app::node::Duties> duties;

private:
    register_::Content content_;
    std::unique_ptr<app::node::Sources> sources_;
    std::unique_ptr<app::node::Aggregates> aggregates_;
};

}  // namespace daicho::test
