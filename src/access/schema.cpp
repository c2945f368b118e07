#include "access/room.hpp"

namespace daicho::access {
namespace {

constexpr store::Migration steps[] = {{1, "organisation, accounts, sessions, delegations", R"(
CREATE TABLE organisation (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL,
    name TEXT NOT NULL, time_zone TEXT NOT NULL, settings TEXT NOT NULL
) STRICT;
CREATE TABLE organisation_history (
    id INTEGER NOT NULL, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    name TEXT NOT NULL, time_zone TEXT NOT NULL, settings TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

CREATE TABLE account (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL,
    login TEXT NOT NULL, login_key TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL,
    roles TEXT NOT NULL, combined_roles_reason TEXT,
    state TEXT NOT NULL CHECK (state IN ('initial', 'active', 'disabled')),
    password_hash TEXT NOT NULL, password_set_ns INTEGER NOT NULL,
    must_change INTEGER NOT NULL, initial_expires_ns INTEGER,
    created_ns INTEGER NOT NULL, created_by TEXT NOT NULL,
    disabled_ns INTEGER, disabled_by TEXT
) STRICT;
CREATE TABLE account_history (
    id INTEGER NOT NULL, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    login TEXT NOT NULL, login_key TEXT NOT NULL, display_name TEXT NOT NULL,
    roles TEXT NOT NULL, combined_roles_reason TEXT,
    state TEXT NOT NULL,
    password_hash TEXT NOT NULL, password_set_ns INTEGER NOT NULL,
    must_change INTEGER NOT NULL, initial_expires_ns INTEGER,
    created_ns INTEGER NOT NULL, created_by TEXT NOT NULL,
    disabled_ns INTEGER, disabled_by TEXT,
    PRIMARY KEY (id, version)
) STRICT;

CREATE TABLE delegation (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL,
    grantor_id INTEGER NOT NULL REFERENCES account (id),
    grantee_id INTEGER NOT NULL REFERENCES account (id),
    permission TEXT NOT NULL, from_ns INTEGER NOT NULL, until_ns INTEGER NOT NULL,
    reason TEXT NOT NULL, note TEXT NOT NULL,
    revoked_ns INTEGER, revoked_by INTEGER
) STRICT;
CREATE INDEX delegation_grantee ON delegation (grantee_id);
CREATE TABLE delegation_history (
    id INTEGER NOT NULL, version INTEGER NOT NULL, valid_from_ns INTEGER NOT NULL,
    changed_by TEXT NOT NULL, outbox_id INTEGER NOT NULL REFERENCES outbox (id),
    grantor_id INTEGER NOT NULL, grantee_id INTEGER NOT NULL,
    permission TEXT NOT NULL, from_ns INTEGER NOT NULL, until_ns INTEGER NOT NULL,
    reason TEXT NOT NULL, note TEXT NOT NULL,
    revoked_ns INTEGER, revoked_by INTEGER,
    PRIMARY KEY (id, version)
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    token_digest BLOB NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account (id),
    address TEXT NOT NULL,
    created_ns INTEGER NOT NULL,
    last_active_ns INTEGER NOT NULL,
    ended_ns INTEGER,
    end_reason TEXT
) STRICT;
CREATE INDEX session_account ON session (account_id);

CREATE TABLE password_history (
    account_id INTEGER NOT NULL REFERENCES account (id),
    tag BLOB NOT NULL,
    set_ns INTEGER NOT NULL,
    PRIMARY KEY (account_id, tag)
) STRICT;

CREATE TABLE sign_in_counter (
    account_id INTEGER NOT NULL REFERENCES account (id),
    address TEXT NOT NULL,
    failures INTEGER NOT NULL,
    window_from_ns INTEGER NOT NULL,
    locks INTEGER NOT NULL,
    locked_until_ns INTEGER NOT NULL,
    last_ns INTEGER NOT NULL,
    PRIMARY KEY (account_id, address)
) STRICT;

CREATE TABLE tally (
    id INTEGER PRIMARY KEY,
    action TEXT NOT NULL, actor TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL,
    since_ns INTEGER NOT NULL,
    last_ns INTEGER NOT NULL,
    unrecorded INTEGER NOT NULL,
    UNIQUE (action, actor, object, detail)
) STRICT;

CREATE TABLE preference (
    account_id INTEGER NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (account_id, name)
) STRICT;
)"}};

}  // namespace

store::MigrationSet migrations() {
    return {"access", steps};
}

}  // namespace daicho::access
