#include "register/obligation/completion.hpp"

namespace daicho::register_ {
namespace {

constexpr store::Migration steps[] = {{1, "reviews and completed duties", R"(
CREATE TABLE review (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL,
    obligation TEXT NOT NULL, findings TEXT NOT NULL, comment TEXT NOT NULL, salt BLOB NOT NULL
) STRICT;
CREATE TABLE review_history (
    id INTEGER NOT NULL, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    obligation TEXT NOT NULL, findings TEXT NOT NULL, comment TEXT NOT NULL, salt BLOB NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

CREATE TABLE obligation_completion (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL,
    obligation TEXT NOT NULL, occurrence TEXT NOT NULL UNIQUE,
    review_id INTEGER NOT NULL REFERENCES review (id),
    performer TEXT NOT NULL, last_seq INTEGER NOT NULL, completed_ns INTEGER NOT NULL, detail TEXT NOT NULL
) STRICT;
CREATE INDEX obligation_completion_of ON obligation_completion (obligation, completed_ns);
CREATE TABLE obligation_completion_history (
    id INTEGER NOT NULL, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    obligation TEXT NOT NULL, occurrence TEXT NOT NULL,
    review_id INTEGER NOT NULL,
    performer TEXT NOT NULL, last_seq INTEGER NOT NULL, completed_ns INTEGER NOT NULL, detail TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;
)"}};

}  // namespace

store::MigrationSet migrations() {
    return {"register", steps};
}

}  // namespace daicho::register_
