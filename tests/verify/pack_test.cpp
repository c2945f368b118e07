#include <gtest/gtest.h>

#include "base/data/json.hpp"
#include "ledger/core/verify/file_proof.hpp"
#include "ledger/core/verify/pack/pack.hpp"
#include "ledger/core/verify/pack/pack_form.hpp"
#include "ledger/core/verify/pack/zip.hpp"
#include "ledger/core/verify/render.hpp"
#include "ledger/keep/pack_builder.hpp"
#include "support/memory_files.hpp"
#include "support/sample_ledger.hpp"

namespace daicho::ledger::core::verify {
namespace {

using test::MemoryFiles;
using test::SampleLedger;

class PackTest : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        sample_ = new SampleLedger;
        sample_->fill();
        sample_->open();
        sample_->append({std::string(embedded_large, 'x')}, "import:a");
        log_key_ = new VerifierKey(sample_->running->log_key());
        pack_ = new Bytes(build(request()));
        sample_->publish();
        auto prover = sample_->running->prover();
        const auto proof = prover->prove(5);
        ASSERT_TRUE(proof) << proof.error().message;
        proof_ = new std::string(*format_event_proof(*proof));
    }
    static void TearDownTestSuite() {
        delete sample_;
        delete log_key_;
        delete pack_;
        delete proof_;
    }
    static constexpr std::size_t embedded_large = embedded_raw_max + 1;
    static keep::PackRequest request() {
        keep::PackRequest out;
        out.organisation = "見本株式会社";
        out.software = "daicho test";
        out.clauses = {"003-01-4.5-9"};
        out.from = "2026-11-22";
        out.to = "2026-11-23";
        out.as_of_ns = sample_->clock.wall_ns();
        out.status = {{"clauses",
                       {{{"id", "003-01-4.5-9"},
                         {"status", "met"},
                         {"evidence", {{{"seq", 5}}, {{"leaf", 0}}, {{"seq", 2}}}}}}}};
        out.seqs = {9, 5, 5};  // out of order and repeated; 9 is too long to be embedded
        out.leaves = {0, 3};
        return out;
    }
    static Bytes build(const keep::PackRequest& request) {
        Bytes out;
        const auto receipt = keep::build_pack(
            *sample_->running, sample_->clock, request,
            [&out](ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }, nullptr);
        EXPECT_TRUE(receipt) << receipt.error().message;
        if (receipt) {
            EXPECT_EQ(receipt->bytes, out.size());
        }
        return out;
    }
    static Report judge(const Bytes& pack, std::size_t findings_max = 1) {
        return verify_pack(MemoryFiles::MemoryFile(pack), *log_key_, findings_max);
    }
    static SampleLedger* sample_;
    static VerifierKey* log_key_;
    static Bytes* pack_;
    static std::string* proof_;
};
SampleLedger* PackTest::sample_ = nullptr;
VerifierKey* PackTest::log_key_ = nullptr;
Bytes* PackTest::pack_ = nullptr;
std::string* PackTest::proof_ = nullptr;

TEST_F(PackTest, proves_what_was_disclosed_and_counts_what_was_not) {
    const Report report = judge(*pack_);
    ASSERT_TRUE(report.passed()) << to_text(report, "pack", Language::en);
    EXPECT_EQ(report.proven.events, 2U);
    EXPECT_EQ(report.extra["clauses"]["003-01-4.5-9"]["evidence_proven"], 2);
    EXPECT_EQ(report.extra["clauses"]["003-01-4.5-9"]["evidence_elsewhere"], 1);
    EXPECT_NE(to_text(report, "pack", Language::ja).find("見本株式会社"), std::string::npos);
}

TEST_F(PackTest, no_byte_can_be_changed) {
    Bytes pack = *pack_;
    // The one long event would take most of the time; its bytes are all alike, so a sample will do.
    for (std::size_t at = 0; at < pack.size(); ++at) {
        if (pack[at] == 'x' && at > 0 && pack[at - 1] == 'x' && at % 512 != 0) continue;
        pack[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
        const Report report = judge(pack);
        EXPECT_FALSE(report.passed()) << "byte " << at;
        pack[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    }
}

TEST_F(PackTest, cannot_be_cut_or_prolonged) {
    for (std::size_t size = 0; size < pack_->size(); size += size < 4096 ? 1 : 61) {
        const Bytes cut(pack_->begin(), pack_->begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(judge(cut).passed()) << size;
    }
    Bytes longer = *pack_;
    longer.push_back(0);
    EXPECT_FALSE(judge(longer).passed());
}

/// Takes a pack apart and puts it together again, as somebody would who knows the format.
Bytes repacked(const Bytes& pack,
               const std::function<void(std::map<std::string, Bytes>&)>& change) {
    const ZipRead read = [&pack](std::uint64_t offset, std::size_t size) {
        return MemoryFiles::MemoryFile(pack).read_at(offset, size);
    };
    std::map<std::string, Bytes> members;
    const auto list = read_zip(read, pack.size());
    EXPECT_TRUE(list);
    for (const ZipMember& one : *list) members[one.name] = *read_member(read, one);
    change(members);
    Bytes out;
    ZipWriter zip([&out](ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); });
    for (const auto& [name, content] : members) EXPECT_TRUE(zip.add(name, content));
    EXPECT_TRUE(zip.finish());
    return out;
}

TEST_F(PackTest, a_new_manifest_is_not_the_one_that_the_ledger_recorded) {
    EXPECT_TRUE(judge(repacked(*pack_, [](auto&) {})).passed());
    const Bytes forged = repacked(*pack_, [](std::map<std::string, Bytes>& members) {
        // The status reads better now, and the manifest says so.
        auto& status = members[member::status];
        std::string text(text_of(status));
        text.replace(text.find("met"), 3, "MET");
        status = to_bytes(text);
        Manifest manifest = *parse_manifest(text_of(members[member::manifest]));
        for (PackMember& one : manifest.members) {
            if (one.name == member::status) one.digest = crypto::sha256(status);
        }
        members[member::manifest] = to_bytes(format_manifest(manifest));
    });
    const Report report = judge(forged);
    ASSERT_FALSE(report.passed());
    EXPECT_EQ(report.findings.front().problem, Problem::pack_manifest);
}

TEST_F(PackTest, members_cannot_be_taken_away_added_or_exchanged) {
    const auto fails = [&](const std::function<void(std::map<std::string, Bytes>&)>& change) {
        return !judge(repacked(*pack_, change)).passed();
    };
    EXPECT_TRUE(fails([](auto& members) { members.erase(event_member(5, ".tlog-proof")); }));
    EXPECT_TRUE(fails([](auto& members) { members.erase(member::consistency); }));
    EXPECT_TRUE(fails([](auto& members) { members["more.txt"] = to_bytes("more"); }));
    EXPECT_TRUE(fails([](auto& members) {
        std::swap(members[event_member(5, ".tlog-proof")], members[event_member(9, ".tlog-proof")]);
    }));
}

TEST_F(PackTest, a_pack_of_a_ledger_with_another_log_key_is_refused) {
    SampleLedger other;
    other.open();
    const Report report = verify_pack(MemoryFiles::MemoryFile(*pack_), other.running->log_key(), 1);
    EXPECT_FALSE(report.passed());
}

TEST_F(PackTest, a_request_that_cannot_be_met_makes_no_pack) {
    keep::PackRequest wrong = request();
    wrong.seqs = {999};
    const auto sink = [](ByteView) {};
    EXPECT_EQ(
        keep::build_pack(*sample_->running, sample_->clock, wrong, sink, nullptr).error().code,
        Errc::not_found);
    wrong = request();
    wrong.status = {{"no", "clauses"}};
    EXPECT_EQ(
        keep::build_pack(*sample_->running, sample_->clock, wrong, sink, nullptr).error().code,
        Errc::invalid);
    Progress progress;
    progress.cancel = true;
    EXPECT_EQ(keep::build_pack(*sample_->running, sample_->clock, request(), sink, &progress)
                  .error()
                  .code,
              Errc::unavailable);
}

TEST_F(PackTest, no_byte_of_an_event_proof_can_be_changed) {
    ASSERT_TRUE(verify_proof_file(*proof_, std::nullopt, *log_key_).passed());
    EXPECT_LT(proof_->size(), 4096U) << "a proof is at most 4 KiB";
    for (std::size_t at = 0; at < proof_->size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string changed = *proof_;
            changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1U << bit));
            EXPECT_FALSE(verify_proof_file(changed, std::nullopt, *log_key_).passed())
                << "byte " << at << " bit " << bit;
        }
        EXPECT_FALSE(verify_proof_file(proof_->substr(0, at), std::nullopt, *log_key_).passed());
    }
}

}  // namespace
}  // namespace daicho::ledger::core::verify
