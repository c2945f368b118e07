// daicho's own entries and the leaves of the tree are open to who sees evidence; contents of logs
// are not, whatever number is asked for.
#include <algorithm>

#include "app/node/packs/pack_basis.hpp"
#include "app/node/schema.hpp"
#include "ledger/core/verify/pack/pack_form.hpp"
#include "node/world.hpp"

namespace daicho::app::node::test {
namespace {

class OwnEvidence : public NodeWorld {
protected:
    void SetUp() override {
        NodeWorld::SetUp();
        auditor_ = person("auditor", {"auditor"});
        officer_ = person("officer", {"security_officer"});
        log_seq_ = append({"<86>1 - app-01 sshd 1 - - Failed password for root from 192.0.2.1"});
        settle();
    }
    /// The newest entry of daicho's own.
    std::string own_seq() {
        const auto seq = node_->database().read([](store::Reader& reader) -> Result<std::int64_t> {
            store::Rows rows = reader.query("SELECT MAX(ledger_seq) FROM outbox");
            return rows.next() ? rows.integer(0) : -1;
        });
        return std::to_string(seq.value_or(-1));
    }
    std::uint64_t facts_of(const std::string& kind) {
        EXPECT_TRUE(node_->pump().flush());
        const auto found = node_->database().read(
            [&](store::Reader& reader) { return facts_of_kind(reader, kind); });
        return found ? found->size() : ~std::uint64_t{0};
    }
    Person auditor_, officer_;
    std::uint64_t log_seq_ = 0;
};

TEST_F(OwnEvidence, IsOpenToTheAuditorWithItsProofAndCountsAsNoReadingOfLogs) {
    const std::uint64_t readings = facts_of("log.read");
    const std::string seq = own_seq();
    const json event = get(auditor_, "/api/v1/events/" + seq);
    EXPECT_EQ(event["envelope"]["source_id"], "daicho");
    const json proof = get(auditor_, "/api/v1/events/" + seq + "/proof");
    EXPECT_TRUE(proof["verified"].get<bool>());
    EXPECT_EQ(get(administrator_, "/api/v1/events/" + seq)["envelope"]["seq"], seq);
    EXPECT_EQ(facts_of("log.read"), readings);
}

TEST_F(OwnEvidence, OpensNothingOfAnyOtherSource) {
    const std::uint64_t refusals = facts_of("log.refused");
    const std::string log = "/api/v1/events/" + std::to_string(log_seq_);
    const std::string beyond = "/api/v1/events/999999999";
    std::set<std::string> answers;
    for (const std::string& target : {log, log + "/proof", beyond, beyond + "/proof"}) {
        for (const Person* who : {&auditor_, &administrator_}) {
            const Answer answer = ask("GET", target, who);
            EXPECT_EQ(answer.status, 403) << target << "\n" << answer.text;
            answers.insert(answer.text);
        }
    }
    EXPECT_EQ(answers.size(), 1U) << "a number that exists is told from one that does not";
    EXPECT_GT(facts_of("log.refused"), refusals) << "the refusal left no trace";
    const std::uint64_t readings = facts_of("log.read");
    EXPECT_EQ(get(officer_, log)["envelope"]["source_id"], "import:office");
    EXPECT_EQ(facts_of("log.read"), readings + 1);
    get(officer_, beyond, 404);
}

TEST_F(OwnEvidence, SpeaksOfASourceByItsNameAndItsId) {
    const std::string id = "tcp:192.0.2.7";
    evidence::collect::ChunkStats stats;
    stats.events = 10;
    stats.wall_ns = clock_.wall_ns();
    node_->board().record(id, stats);
    const json sources = get(administrator_, "/api/v1/sources")["sources"];
    const auto version = [&]() -> json {
        for (const json& one : sources) {
            if (one["id"] == id) return one["version"];
        }
        return nullptr;
    };
    const Answer stored = ask("PATCH", "/api/v1/sources/" + id, &administrator_,
                              {{"name", "受付サーバ"},
                               {"kind", "server"},
                               {"flags", {"published_server"}},
                               {"version", version()}});
    ASSERT_EQ(stored.status, 200) << stored.text;
    const json counts{{"day", "2026-11-22"}, {"events", 10},   {"access_events", 8},
                      {"with_time", 8},      {"with_user", 2}, {"with_address", 8},
                      {"with_outcome", 8},   {"sign_ins", 4},  {"sign_outs", 4},
                      {"failures", 1},       {"successes", 7}, {"errors", 0}};
    ASSERT_TRUE(node_->pump().measure("source.coverage", id, "2026-11-22:2026-11-22T17",
                                      clock_.wall_ns(), counts.dump()));
    ASSERT_TRUE(node_->pump().flush());
    const auto status = node_->compliance().status(clock_.wall_ns());
    ASSERT_TRUE(status);
    int rows = 0;
    int sentences = 0;
    for (const auto& [clause, judged] : (*status)["clauses"].items()) {
        for (const json& row : judged["evidence"]) {
            if (row["subject"] != id) continue;
            ++rows;
            EXPECT_EQ(row["subject_name"], "受付サーバ");
        }
        for (const json& missing : judged["missing"]) {
            if (missing["message"].dump().find(id) == std::string::npos) continue;
            ++sentences;
            EXPECT_NE(missing["message"]["ja"].get<std::string>().find("受付サーバ (" + id + ")"),
                      std::string::npos)
                << missing.dump();
        }
        const json shown = get(auditor_, "/api/v1/compliance/clauses/" + clause);
        for (const json& control : shown["controls"]) {
            for (const json& row : control["evidence"]) {
                const std::string subject = row["message"]["params"]["subject"];
                if (subject.find(id) == std::string::npos) continue;
                ++rows;
                EXPECT_EQ(subject, "受付サーバ (" + id + ")");
            }
        }
    }
    EXPECT_GE(rows, 2) << "no row of evidence speaks of the source";
    EXPECT_GE(sentences, 1) << "nobody is asked to do something about it";
}

TEST_F(OwnEvidence, IsNamedByEachClauseOfAPackThatRestsOnIt) {
    export_now(officer_);
    review(officer_);
    settle();
    std::vector<std::string> all;
    for (const auto& [id, clause] : node_->compliance().content().clauses) all.push_back(id);
    const auto zone = node_->compliance().zone();
    const auto assessment = node_->compliance().assess(clock_.wall_ns());
    ASSERT_TRUE(zone && assessment);
    const auto basis_of = [&](const std::vector<std::string>& clauses) {
        return pack_basis_of(node_->compliance().content(), *zone, *assessment, clauses);
    };
    const PackBasis together = basis_of(all);
    std::size_t shared = 0;
    for (const json& clause : together.status["clauses"]) {
        const PackBasis alone = basis_of({clause["id"].get<std::string>()});
        EXPECT_EQ(clause, alone.status["clauses"][0]);
        EXPECT_EQ(clause["evidence"].size(), alone.seqs.size() + alone.leaves.size());
        EXPECT_TRUE(std::ranges::includes(together.seqs, alone.seqs));
        EXPECT_TRUE(std::ranges::includes(together.leaves, alone.leaves));
        if (clause["status"] == "conformant") {
            EXPECT_FALSE(clause["evidence"].empty()) << clause["id"];
        }
        shared += clause["evidence"].size();
    }
    EXPECT_GT(shared, together.seqs.size() + together.leaves.size())
        << "no two clauses rest on the same evidence: this test tells nothing";
}

TEST_F(OwnEvidence, HasAProofForEveryLeafOfTheTree) {
    ASSERT_TRUE(node_->ledger().append_notice(
        ledger::core::LeafType::gap,
        R"({"bytes":30,"events":3,"reason":"udp_queue_full","source":"udp:192.0.2.1"})"));
    settle();
    const std::uint64_t size = node_->ledger().published().size;
    std::set<std::string> types;
    for (std::uint64_t index = 0; index < size; ++index) {
        const std::string target = "/api/v1/leaves/" + std::to_string(index) + "/proof";
        const json leaf = get(auditor_, target);
        types.insert(leaf["type"]);
        const auto proof =
            ledger::core::parse_tlog_proof(leaf["tlog_proof"].get_ref<const std::string&>());
        ASSERT_TRUE(proof) << leaf["type"];
        const auto bytes = ledger::core::verify::leaf_of_extra(proof->extra);
        ASSERT_TRUE(bytes);
        const std::uint64_t tree = std::stoull(leaf["tree_size"].get<std::string>());
        const auto head = node_->ledger().prover()->head_at(tree);
        ASSERT_TRUE(head);
        EXPECT_TRUE(
            ledger::core::verify_inclusion(crypto::hash_leaf(*bytes), index, *head, proof->path))
            << index;
    }
    for (const char* type : {"BATCH", "SEAL", "KEYROT", "GAP"}) {
        EXPECT_TRUE(types.contains(type)) << type << " is not among them";
    }
    get(auditor_, "/api/v1/leaves/999999999/proof", 404);
    const Person member = person("member", {"member"});
    get(member, "/api/v1/leaves/0/proof", 403);
}

TEST_F(OwnEvidence, IsLinkedFromTheClauseItSupports) {
    export_now(officer_);
    settle();
    const json clause = get(auditor_, "/api/v1/compliance/clauses/003-01-4.5-9a");
    bool linked = false;
    for (const json& control : clause["controls"]) {
        for (const json& one : control["evidence"]) {
            if (one["kind"] != "export.completed") continue;
            ASSERT_FALSE(one["leaf_index"].is_null()) << one.dump();
            linked = true;
            EXPECT_EQ(get(auditor_, "/api/v1/leaves/" + one["leaf_index"].get<std::string>() +
                                        "/proof")["type"],
                      "EXPORT");
        }
    }
    EXPECT_TRUE(linked) << clause.dump();
}

}  // namespace
}  // namespace daicho::app::node::test
