#pragma once
// A real node on a temporary data directory and a clock that tests move: init, people, log lines,
// and requests as the page sends them. Every answer is checked against openapi.yaml as it comes in.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "app/node/node.hpp"
#include "support/moving_clock.hpp"

namespace daicho::app::node::test {

using nlohmann::json;

class NodeWorld : public ::testing::Test {
protected:
    struct Person {
        std::string id;
        std::string login;
        std::string password;
        std::string cookie;
        std::string csrf;
    };
    struct Answer {
        int status = 0;
        std::string text;
        json body;  // null unless it is JSON
        [[nodiscard]] std::string key() const { return body.value("text_key", ""); }
    };

    NodeWorld();
    ~NodeWorld() override;
    void SetUp() override;
    void open();
    void close();

    /// As the page would, with a path as in an address line. Checks status and body against the
    /// description, and that the route is one of it.
    Answer ask(const std::string& method, const std::string& target, const Person* who,
               const json& body = nullptr);
    /// The body of an answer that must have this status.
    json get(const Person& who, const std::string& target, int status = 200);
    json post(const Person& who, const std::string& target, const json& body, int status);

    /// Made by the first administrator, who is made first; password replaced.
    Person person(const std::string& login, const std::vector<std::string>& roles);
    void sign_in(Person& who);
    /// Everybody signs in again: sessions do not live through years.
    void later(std::int64_t by_ns, std::initializer_list<Person*> people);
    /// As the API writes a moment, whole seconds.
    [[nodiscard]] static std::string text(WallNs at);
    json wait_for_job(const Person& who, const json& job);

    /// Log lines of source `import:office`; gives the number of the first.
    std::uint64_t append(const std::vector<std::string>& lines);
    /// Everything so far is sealed, covered by a checkpoint, and its facts are stored.
    void settle();
    /// Segments on a target that the evidence does not count, because it is on this volume.
    json export_now(const Person& who);
    /// The review of the last seven days, signed off.
    json review(const Person& who);
    /// Actions of the outbox that are in the ledger, oldest first.
    std::vector<std::string> recorded(const std::string& prefix);

    std::chrono::milliseconds clockwork_round_{20'000};
    daicho::test::MovingClock clock_;
    std::string root_;
    Places places_;
    std::unique_ptr<api::Spec> spec_;
    std::unique_ptr<Node> node_;
    http::Application* application_ = nullptr;
    Person administrator_;
    std::string reviewed_from_;  // the period of review()
    std::string reviewed_to_;
    std::set<std::string> answered_;  // operations that answered 2xx

private:
    [[nodiscard]] const api::Operation* operation(const std::string& method,
                                                  const std::string& path) const;
};

}  // namespace daicho::app::node::test
