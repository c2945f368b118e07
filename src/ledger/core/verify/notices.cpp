#include "ledger/core/verify/notices.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/calendar/date.hpp"
#include "base/data/json.hpp"
#include "ledger/core/segment.hpp"

namespace daicho::ledger::core::verify {
namespace {

using nlohmann::json;

/// Reads members and remembers whether all were what they must be.
class Members {
public:
    explicit Members(const json& object) : object_(object) { ok_ = object.is_object(); }

    /// Exactly these keys, and none, one or more of the optional ones.
    void keys(std::initializer_list<std::string_view> names,
              std::initializer_list<std::string_view> optional = {}) {
        std::size_t size = names.size();
        for (const std::string_view name : optional) size += ok_ && object_.contains(name) ? 1 : 0;
        ok_ = ok_ && object_.size() == size;
        for (const std::string_view name : names) ok_ = ok_ && object_.contains(name);
    }
    std::string text(const char* name) {
        const json* value = find(name);
        if (value == nullptr || !value->is_string()) return wrong<std::string>();
        return value->get<std::string>();
    }
    std::uint64_t count(const char* name) {
        const json* value = find(name);
        if (value == nullptr || !value->is_number_unsigned()) return wrong<std::uint64_t>();
        return value->get<std::uint64_t>();
    }
    std::int64_t number(const char* name) {
        const json* value = find(name);
        if (value == nullptr || !value->is_number_integer()) return wrong<std::int64_t>();
        return value->get<std::int64_t>();
    }
    bool flag(const char* name) {
        const json* value = find(name);
        if (value == nullptr || !value->is_boolean()) return wrong<bool>();
        return value->get<bool>();
    }
    crypto::Digest digest(const char* name) {
        const Result<Bytes> bytes = from_hex(text(name));
        if (!bytes || bytes->size() != crypto::digest_size) return wrong<crypto::Digest>();
        crypto::Digest out;
        std::copy(bytes->begin(), bytes->end(), out.bytes.begin());
        return out;
    }
    std::string day(const char* name) {
        std::string out = text(name);
        ok_ = ok_ && calendar::parse_date(out).has_value();
        return out;
    }
    std::string retention_class(const char* name) {
        std::string out = text(name);
        ok_ = ok_ && is_class_name(out);
        return out;
    }
    /// Calls `each` with every element of a list.
    template <typename Each>
    void list(const char* name, Each each) {
        const json* value = find(name);
        if (value == nullptr || !value->is_array()) {
            ok_ = false;
            return;
        }
        for (const json& element : *value) {
            Members members(element);
            each(members);
            ok_ = ok_ && members.ok();
        }
    }
    void require(bool holds) { ok_ = ok_ && holds; }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] const json* find(const char* name) {
        if (!ok_) return nullptr;
        const auto found = object_.find(name);
        return found == object_.end() ? nullptr : &*found;
    }

private:
    template <typename T>
    T wrong() {
        ok_ = false;
        return T{};
    }
    const json& object_;
    bool ok_ = false;
};

Facts read_seal(Members& in) {
    in.keys({"batches", "bytes", "class", "day", "digest", "events", "file", "first_seq",
             "last_seq", "segment", "wall_first", "wall_last"});
    SealFacts out;
    out.batches = in.count("batches");
    out.bytes = in.count("bytes");
    out.retention_class = in.retention_class("class");
    out.day = in.day("day");
    out.digest = in.digest("digest");
    out.events = in.count("events");
    out.file = in.text("file");
    out.first_seq = in.count("first_seq");
    out.last_seq = in.count("last_seq");
    out.segment = in.count("segment");
    out.wall_first_ns = in.number("wall_first");
    out.wall_last_ns = in.number("wall_last");
    in.require(out.file == segment_name(out.segment, out.retention_class));
    return out;
}

Facts read_export(Members& in) {
    in.keys({"bundle", "files", "medium", "read_back", "target", "tree_size"});
    ExportFacts out;
    (void)in.text("bundle");
    out.target = in.text("target");
    in.require(in.flag("read_back"));
    out.tree_size = in.count("tree_size");
    in.list("files", [&out](Members& file) {
        file.keys({"bytes", "digest", "file"});
        out.files.push_back({file.text("file"), file.digest("digest"), file.count("bytes")});
    });
    if (const json* medium = in.find("medium")) {
        Members members(*medium);
        (void)members.text("kind");
        (void)members.text("volume");
        in.require(members.ok());
    }
    return out;
}

Facts read_retire(Members& in) {
    in.keys({"approved_by", "class", "day", "events", "files", "last_ns", "rule"});
    RetireFacts out;
    out.retention_class = in.retention_class("class");
    out.day = in.day("day");
    out.events = in.count("events");
    out.last_ns = in.number("last_ns");
    (void)in.text("rule");
    if (const json* people = in.find("approved_by")) {
        in.require(people->is_array() && people->size() == 2 && (*people)[0].is_string() &&
                   (*people)[1].is_string() && (*people)[0] != (*people)[1]);
    }
    in.list("files", [&out](Members& file) {
        file.keys({"digest", "file"});
        out.files.push_back({file.text("file"), file.digest("digest"), 0});
    });
    return out;
}

Facts read_rest(LeafType type, Members& in) {
    switch (type) {
        case LeafType::gap: {
            in.keys({"bytes", "events", "reason", "source"});
            (void)in.count("bytes");
            (void)in.text("reason");
            (void)in.text("source");
            return GapFacts{in.count("events")};
        }
        case LeafType::heartbeat:
            in.keys({"events_since", "last_seq"});
            (void)in.count("events_since");
            return HeartbeatFacts{in.count("last_seq")};
        case LeafType::clock:
            in.keys({"boot_changed", "step_ns"});
            (void)in.flag("boot_changed");
            (void)in.number("step_ns");
            break;
        case LeafType::config:
            in.keys({"what", "value"});
            (void)in.text("what");
            break;
        case LeafType::read:
            in.keys({"actor", "events", "first_seq", "last_seq", "purpose", "right"},
                    {"delegation", "role"});
            for (const char* name : {"actor", "purpose", "right"}) (void)in.text(name);
            for (const char* name : {"events", "first_seq", "last_seq"}) (void)in.count(name);
            for (const char* name : {"delegation", "role"}) {
                if (in.find(name) != nullptr) (void)in.text(name);
            }
            break;
        default:
            break;
    }
    return OtherFacts{};
}

void check_rotation_form(Members& in) {
    (void)in.day("day");
    if (in.find("previous_vkey") != nullptr) {
        in.keys({"certificate", "day", "previous_checkpoint", "previous_signature", "previous_vkey",
                 "vkey"});
    } else {
        in.keys({"certificate", "day", "vkey"});
    }
}

}  // namespace

Result<Facts> read_facts(const NoticeLeaf& leaf) {
    if (leaf.type == LeafType::timestamp || leaf.type == LeafType::witness)
        return fail(Errc::invalid, "a leaf of a type that has no writer yet");
    const Result<json> value = data::parse_json(leaf.json);
    if (!value) return fail(Errc::invalid, value.error().message);
    if (data::canonical_json(*value) != leaf.json)
        return fail(Errc::invalid, "its JSON is not in the one canonical form");
    Members in(*value);
    Facts out;
    switch (leaf.type) {
        case LeafType::seal:
            out = read_seal(in);
            break;
        case LeafType::export_:
            out = read_export(in);
            break;
        case LeafType::retire:
            out = read_retire(in);
            break;
        case LeafType::key_rotation:
            check_rotation_form(in);
            out = OtherFacts{};
            break;
        default:
            out = read_rest(leaf.type, in);
            break;
    }
    if (!in.ok()) return fail(Errc::invalid, "its facts are not those of its type");
    return out;
}

}  // namespace daicho::ledger::core::verify
