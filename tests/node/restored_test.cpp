// An older state.db that was put back, by an attacker or from a backup.
#include <filesystem>

#include "app/node/schema.hpp"
#include "node/world.hpp"
#include "store/outbox.hpp"

namespace daicho::app::node::test {
namespace {

namespace fs = std::filesystem;

class Restored : public NodeWorld {
protected:
    [[nodiscard]] std::string state() const { return places_.data + "/state.db"; }
    void copy_of_state(const std::string& to) {
        close();
        fs::copy_file(state(), to, fs::copy_options::overwrite_existing);
        open();
    }
    void put_back(const std::string& from) {
        for (const char* more : {"", "-wal", "-shm"}) fs::remove(state() + more);
        fs::copy_file(from, state());
    }
    Result<std::unique_ptr<Node>> try_open(std::optional<std::string> reason = std::nullopt) {
        NodeOptions options;
        options.places = places_;
        options.commit.reserve_bytes = 0;
        options.restored_reason = std::move(reason);
        return Node::open(real_files(), clock_, std::move(options), Log::none());
    }
    [[nodiscard]] std::string key_of(const Result<std::unique_ptr<Node>>& opened) const {
        return opened ? "" : opened.error().text_key;
    }
};

TEST_F(Restored, AnOlderStateIsRefused) {
    const std::string copy = root_ + "/older.db";
    Person officer = person("officer", {"security_officer"});
    copy_of_state(copy);
    sign_in(administrator_);
    person("later", {"auditor"});
    close();
    put_back(copy);
    EXPECT_EQ(key_of(try_open()), "state.rolled_back");
    EXPECT_EQ(key_of(try_open()), "state.rolled_back") << "asking again is no answer";
}

TEST_F(Restored, MeasurementsInBetweenDoNotHideIt) {
    const std::string copy = root_ + "/older.db";
    copy_of_state(copy);
    sign_in(administrator_);
    settle();
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(node_->pump().measure("capacity.measured", "data", std::to_string(i),
                                          clock_.wall_ns(), "{}"));
        settle();
    }
    close();
    put_back(copy);
    EXPECT_EQ(key_of(try_open()), "state.rolled_back");
}

TEST_F(Restored, AStateThatIsAheadOfTheLedgerStarts) {
    // Killed between the commit of a change and its way to the ledger.
    close();
    {
        auto database = store::Database::open(state(), clock_, {.create = false});
        ASSERT_TRUE(database);
        const Status changed = (*database)->write([](store::Transaction& tx) -> Status {
            const auto added = setting_table().add(tx, {std::string("test"), std::string("{}")},
                                                   {"daicho", "settings.test", "{}"});
            return added ? Status() : Status(fail(added.error()));
        });
        ASSERT_TRUE(changed);
    }
    open();
    sign_in(administrator_);
    EXPECT_EQ(recorded("settings.test").size(), 1U);
}

TEST_F(Restored, RowsThatWereMovedAndNotMarkedStart) {
    // Killed between the ledger's receipt and the mark.
    person("officer", {"security_officer"});
    settle();
    const Status forgotten = node_->database().write([](store::Transaction& tx) -> Status {
        tx.no_evidence("a test forgets where the newest rows went");
        const auto changed = tx.run(
            "UPDATE outbox SET ledger_seq = NULL WHERE id > (SELECT MAX(id) - 2 FROM outbox)");
        return changed ? Status() : Status(fail(changed.error()));
    });
    ASSERT_TRUE(forgotten);
    close();
    open();
    sign_in(administrator_);
}

TEST_F(Restored, AcceptingItIsRecordedAndEndsWhatCouldBeUsedAgain) {
    const std::string copy = root_ + "/older.db";
    const json made =
        post(administrator_, "/api/v1/people",
             {{"login", "newcomer"}, {"display_name", "newcomer"}, {"roles", {"auditor"}}}, 201);
    const std::string one_time = made["one_time_password"];
    copy_of_state(copy);
    sign_in(administrator_);
    Person later = person("later", {"auditor"});
    close();
    put_back(copy);
    EXPECT_EQ(key_of(try_open("")), "state.reason");
    {
        const auto accepted = try_open("the disk failed");
        ASSERT_TRUE(accepted) << accepted.error().message;
        ASSERT_TRUE((*accepted)->pump().flush());
    }
    EXPECT_EQ(key_of(try_open("again")), "state.is_current");
    open();
    EXPECT_EQ(recorded("state.restored").size(), 1U);
    EXPECT_EQ(recorded("access.initial_withdrawn").size(), 1U);
    EXPECT_EQ(ask("GET", "/api/v1/people", &administrator_).status, 401)
        << "a session of the copy lives on";
    EXPECT_NE(
        ask("POST", "/api/v1/session", nullptr, {{"login", "newcomer"}, {"password", one_time}})
            .status,
        200);
    EXPECT_NE(ask("POST", "/api/v1/session", nullptr,
                  {{"login", later.login}, {"password", later.password}})
                  .status,
              200);
    sign_in(administrator_);
    // No id is given twice.
    const auto ids = node_->database().read([](store::Reader& reader) -> Result<bool> {
        store::Rows rows = reader.query(
            "SELECT count(*) = 1 FROM outbox WHERE action = 'state.restored' AND "
            "id > CAST(json_extract(detail, '$.through') AS INTEGER) AND "
            "json_extract(detail, '$.through') > json_extract(detail, '$.after')");
        return rows.next() && rows.get<bool>(0);
    });
    ASSERT_TRUE(ids);
    EXPECT_TRUE(*ids);
}

TEST_F(Restored, AStateOfAnotherLedgerIsNeverAccepted) {
    close();
    const Places other{root_ + "/other", root_ + "/other.keys", places_.content, ""};
    ASSERT_TRUE(initialise(real_files(), clock_, other, "Other office", "kanri", {"localhost"}));
    {
        NodeOptions options;
        options.places = other;
        options.commit.reserve_bytes = 0;
        const auto opened = Node::open(real_files(), clock_, std::move(options), Log::none());
        ASSERT_TRUE(opened);
        ASSERT_TRUE((*opened)->pump().flush());
    }
    put_back(other.data + "/state.db");
    EXPECT_EQ(key_of(try_open()), "state.rolled_back");
    EXPECT_EQ(key_of(try_open("mine")), "state.foreign");
}

}  // namespace
}  // namespace daicho::app::node::test
