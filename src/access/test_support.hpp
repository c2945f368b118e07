#pragma once
// For unit tests of access/ and of the rooms above it: a whole room on a manual clock, and people
// in it.
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "access/room.hpp"
#include "base/files.hpp"
#include "crypto/random.hpp"
#include "store/test_support.hpp"

namespace daicho::access::test {

inline const std::string good_password = "Himitsu no-kotoba 42";
inline const std::string other_password = "Betsu no-kotoba 77!";
inline constexpr std::string_view office = "192.0.2.10";
inline constexpr std::string_view elsewhere = "198.51.100.7";

struct Evidence {
    std::string actor;
    std::string action;
    std::string object;
    nlohmann::json detail;
};

class AccessTest : public testing::Test {
protected:
    void SetUp() override {
        const std::array<store::MigrationSet, 2> all{store::migrations(), migrations()};
        ASSERT_TRUE(database_->migrate(all));
        restart();
        const auto first = bootstrap(*database_, room_->hashes, "株式会社みほん", "kanri");
        ASSERT_TRUE(first) << first.error().message;
        first_password_ = first->one_time_password;
    }
    /// The process starts anew: what was only in memory is gone.
    void restart() {
        room_.reset();
        Settings settings = settings_;
        settings.hash_cost = crypto::password_cost_for_tests;
        room_ = std::make_unique<Room>(*database_, pepper_, settings);
    }
    Result<door::NewSession> sign_in(std::string_view login, std::string_view password,
                                     std::string_view address = office) {
        return room_->sign_in.attempt({login, password, address});
    }
    /// Signs in with a one-time password and replaces it.
    door::NewSession settle(const std::string& login, const std::string& one_time,
                            const std::string& password = good_password) {
        const auto session = sign_in(login, one_time);
        EXPECT_TRUE(session) << login;
        if (!session) return {};
        auto changed = room_->sign_in.change_password(session->caller, one_time, password);
        EXPECT_TRUE(changed) << (changed ? "" : changed.error().params.at(0).second);
        return changed ? *changed : door::NewSession{};
    }
    Caller administrator() {
        if (!administrator_) administrator_ = settle("kanri", first_password_).caller;
        return *administrator_;
    }
    Caller person(const std::string& login, RoleSet roles) {
        const auto issued =
            room_->people.create(administrator(), {login, login + " さん", roles, {}});
        EXPECT_TRUE(issued) << (issued ? "" : issued.error().message);
        return issued ? settle(login, issued->one_time_password).caller : Caller{};
    }
    std::vector<Evidence> evidence(const std::string& action) {
        std::vector<Evidence> out;
        const store::Outbox outbox(*database_);
        const auto pending = outbox.read_pending(100'000);
        EXPECT_TRUE(pending);
        for (const store::OutboxEntry& entry : *pending) {
            if (entry.action != action) continue;
            out.push_back(
                {entry.actor, entry.action, entry.object, nlohmann::json::parse(entry.detail)});
        }
        return out;
    }
    /// What the ledger will be able to say in total.
    std::int64_t counted(const std::string& action) {
        std::int64_t sum = 0;
        for (const Evidence& one : evidence(action)) sum += one.detail.at("count").get<int>();
        return sum;
    }

    store::test::TemporaryDirectory directory_;
    ManualClock clock_{store::test::test_start_ns};
    std::unique_ptr<store::Database> database_ =
        store::test::open_at(directory_.file("state.db"), clock_);
    crypto::Key32 pepper_ = crypto::random_key();
    Settings settings_;
    std::unique_ptr<Room> room_;
    std::string first_password_;
    std::optional<Caller> administrator_;
};

}  // namespace daicho::access::test
