// The attacker holds the data directory and the key folder of today: root key, log key, today's day
// key, every KEK that still exists. He rewrites an event of yesterday and makes everything that
// depends on it anew. What he can't have is the key that signed yesterday.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ledger/core/verify/ledger.hpp"
#include "ledger/core/verify/render.hpp"
#include "ledger/write/keyring.hpp"
#include "support/memory_files.hpp"
#include "support/sample_ledger.hpp"

namespace daicho::ledger {
namespace {

using namespace core;
using test::MemoryFiles;
using test::SampleLedger;
namespace fs = std::filesystem;

/// The leaves of a ledger, to be changed and put back as a whole new tree.
class Forger {
public:
    Forger(SampleLedger& victim, std::string target) : victim_(victim), target_(std::move(target)) {
        keys_ = std::move(*write::Keyring::open(real_files(), victim.options.keys_directory));
        const Bytes origin = read_file(real_files(), victim.path() + "/origin");
        origin_ = std::move(*open_origin(text_of(origin)));
        fs::copy(victim.path(), target_, fs::copy_options::recursive);
        read_leaves();
    }

    /// Whoever sent the first event was somebody else: the BATCH leaf is changed and every later
    /// one chained to it again.
    void rewrite_first_batch() {
        crypto::Digest previous;
        bool first = true;
        for (Bytes& entry : leaves_) {
            Result<BatchLeaf> leaf = decode_batch(entry);
            if (!leaf) continue;
            if (first) leaf->sources.front().id = "import:z";
            first = false;
            leaf->previous = previous;
            entry = encode(*leaf);
            previous = crypto::hash_leaf(entry);
        }
    }

    /// With the log key he can certify a key of his own for yesterday, and hand over from it.
    void replace_day_keys() {
        write::KeySigner log = std::move(*keys_->log_signer(log_key_name(origin_->name)));
        std::optional<write::KeySigner> before;
        Frontier tree;
        for (Bytes& entry : leaves_) {
            const Result<NoticeLeaf> leaf = decode_notice(entry);
            if (leaf && leaf->type == LeafType::key_rotation) {
                NoticeLeaf forged = *leaf;
                write::KeySigner fresh = std::move(
                    *write::KeySigner::make(origin_->name, crypto::SigningKey::generate()));
                forged.json = rotation(day_of(leaf->wall_ns), fresh, log, before, tree.head());
                entry = encode(forged);
                before = std::move(fresh);
            }
            ASSERT_TRUE(tree.append(crypto::hash_leaf(entry)));
        }
        signer_ = std::move(before);
    }

    /// Tiles and checkpoint of the forged leaves. Without replace_day_keys(), signed with what is
    /// there: today's key.
    void publish() {
        fs::remove_all(target_ + "/tile");
        TileWriter tiles;
        for (const Bytes& entry : leaves_) ASSERT_TRUE(tiles.append(entry));
        for (const TileFile& tile : tiles.take()) put(tile_path(tile.id), tile.content);
        if (!signer_) signer_ = keys_->day_signer(keys_->day_keys().back(), origin_->name);
        put("checkpoint", to_bytes(note_of(tiles.frontier().head(), *signer_)));
    }

private:
    void read_leaves() {
        const Bytes note = read_file(real_files(), target_ + "/checkpoint");
        const auto head = parse_checkpoint(parse_note(text_of(note))->text)->head;
        const Bytes bundle = read_file(
            real_files(),
            target_ + "/" +
                tile_path({TileKind::entries, 0, 0, static_cast<std::uint32_t>(head.size)}));
        const auto entries = decode_bundle(bundle, static_cast<std::uint32_t>(head.size));
        for (const ByteView entry : *entries) leaves_.emplace_back(entry.begin(), entry.end());
    }
    std::string note_of(const TreeHead& head, write::KeySigner& signer) const {
        NoteSigner* one = &signer;
        return *sign_checkpoint({origin_->name, head, {}}, std::span<NoteSigner* const>(&one, 1));
    }
    std::string rotation(const std::string& day, write::KeySigner& fresh, write::KeySigner& log,
                         std::optional<write::KeySigner>& before, const TreeHead& tree) const {
        const std::string text = certificate_text(day, fresh.key().format());
        nlohmann::json facts{{"certificate", to_base64(*log.sign(view_of(text)))},
                             {"day", day},
                             {"vkey", fresh.key().format()}};
        if (before) {
            facts["previous_checkpoint"] = note_of(tree, *before);
            facts["previous_signature"] = to_base64(*before->sign(view_of(text)));
            facts["previous_vkey"] = before->key().format();
        }
        return facts.dump();
    }
    void put(const std::string& path, const Bytes& content) {
        fs::create_directories(parent_of(target_ + "/" + path));
        fs::remove(target_ + "/" + path);
        real_files().open(target_ + "/" + path, Files::Mode::create_new)->append(content);
    }

    SampleLedger& victim_;
    std::string target_;
    std::unique_ptr<write::Keyring> keys_;
    std::optional<Origin> origin_;
    std::vector<Bytes> leaves_;
    std::optional<write::KeySigner> signer_;
};

/// Two days, everything sealed, nothing but leaves in the newest write-ahead file.
class Attack : public ::testing::Test {
protected:
    void SetUp() override {
        sample_.open();
        sample_.append({"he was here"}, "import:a");
        sample_.seal();
        sample_.next_day();
        remembered_ = sample_.running->checkpoint_note();
        sample_.append({"and gone"}, "import:a");
        sample_.seal();
        sample_.publish();
        sample_.close();
        forged_ = sample_.root + "/forged";
    }
    verify::Report judge(const std::string& path, const verify::Options& options) {
        const auto report = verify::verify_ledger(real_files(), path, options);
        EXPECT_TRUE(report);
        return *report;
    }
    /// The write-ahead files are no hindrance to somebody who has the root key: a bundle has none.
    void as_bundle(const std::string& path) {
        const Bytes note = read_file(real_files(), path + "/checkpoint");
        const auto head = core::parse_checkpoint(core::parse_note(text_of(note))->text)->head;
        std::string digits = std::to_string(head.size);
        digits.insert(0, 20 - digits.size(), '0');
        fs::create_directories(path + "/checkpoints");
        fs::rename(path + "/checkpoint", path + "/checkpoints/" + digits);
        fs::remove_all(path + "/wal");
    }

    SampleLedger sample_;
    std::string remembered_;
    std::string forged_;
};

TEST_F(Attack, the_forger_changes_nothing_without_changing_something) {
    Forger forger(sample_, forged_);
    forger.publish();
    as_bundle(forged_);
    const verify::Report report = judge(forged_, {});
    EXPECT_TRUE(report.passed()) << to_text(report, "forged", verify::Language::en);
}

TEST_F(Attack, yesterday_cannot_be_rewritten_with_todays_day_key) {
    Forger forger(sample_, forged_);
    forger.rewrite_first_batch();
    forger.publish();
    as_bundle(forged_);
    const verify::Report report = judge(forged_, {});
    ASSERT_FALSE(report.passed());
    EXPECT_EQ(report.findings.front().problem, verify::Problem::key_chain);
}

TEST_F(Attack, with_the_log_key_too_only_a_remembered_checkpoint_tells_and_the_report_says_so) {
    Forger forger(sample_, forged_);
    forger.rewrite_first_batch();
    forger.replace_day_keys();
    forger.publish();
    as_bundle(forged_);
    // Nothing outside remembers: this can't be seen, and the report says that it can't.
    const verify::Report blind = judge(forged_, {});
    EXPECT_TRUE(blind.passed()) << to_text(blind, "forged", verify::Language::en);
    const auto limits = verify::limits_of(blind);
    EXPECT_NE(std::ranges::find(limits, verify::Limit::rewriting_by_owner), limits.end());
    EXPECT_NE(std::ranges::find(limits, verify::Limit::rollback), limits.end());
    // A checkpoint written down yesterday.
    verify::Options options;
    options.since = remembered_;
    const verify::Report seen = judge(forged_, options);
    ASSERT_FALSE(seen.passed());
    EXPECT_EQ(seen.findings.front().problem, verify::Problem::since);
    EXPECT_TRUE(judge(sample_.path(), options).passed());
    // So does the key folder's own record, if he forgets it.
    verify::Options deep;
    deep.deep = true;
    deep.keys_directory = sample_.options.keys_directory;
    EXPECT_FALSE(judge(forged_, deep).passed());
}

TEST_F(Attack, an_older_copy_is_noticed_while_the_keys_are_the_newer_ones) {
    fs::copy(sample_.root, sample_.root + "-older", fs::copy_options::recursive);
    const std::string older = sample_.root + "-older/data";
    sample_.open();
    sample_.append({"later"}, "import:a");
    sample_.publish();
    const std::string later = sample_.running->checkpoint_note();
    sample_.close();
    verify::Options options;
    options.deep = true;
    options.keys_directory = sample_.options.keys_directory;
    const verify::Report noticed = judge(older, options);
    ASSERT_FALSE(noticed.passed());
    EXPECT_EQ(noticed.findings.front().problem, verify::Problem::rolled_back);
    // Keys rolled back with it: only what is remembered elsewhere can tell.
    options.keys_directory = older + ".keys";
    EXPECT_TRUE(judge(older, options).passed());
    verify::Options remembering;
    remembering.since = later;
    EXPECT_FALSE(judge(older, remembering).passed());
    const auto limits = verify::limits_of(judge(older, {}));
    EXPECT_NE(std::ranges::find(limits, verify::Limit::rollback), limits.end());
    fs::remove_all(sample_.root + "-older");
}

TEST_F(Attack, a_ledger_signed_by_another_log_key_is_refused_when_the_right_one_is_known) {
    SampleLedger other;
    other.open();
    verify::Options options;
    options.log_key = other.running->log_key();
    const verify::Report report = judge(sample_.path(), options);
    ASSERT_FALSE(report.passed());
    EXPECT_EQ(report.findings.front().problem, verify::Problem::log_key);
}

}  // namespace
}  // namespace daicho::ledger
