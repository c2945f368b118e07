#include "access/password/history.hpp"

#include "access/password/hash_queue.hpp"

namespace daicho::access::password {

bool History::used_before(store::Reader& reader, std::int64_t account_id,
                          std::string_view password) const {
    store::Rows rows =
        reader.query("SELECT 1 FROM password_history WHERE account_id = $1 AND tag = $2",
                     account_id, keys_.history_tag(account_id, normalised(password)));
    return rows.next();
}

Status History::remember(store::Transaction& tx, std::int64_t account_id,
                         std::string_view password) const {
    auto done = tx.run(
        "INSERT INTO password_history (account_id, tag, set_ns) VALUES ($1, $2, $3)"
        " ON CONFLICT (account_id, tag) DO NOTHING",
        account_id, keys_.history_tag(account_id, normalised(password)), tx.clock().wall_ns());
    if (!done) return fail(std::move(done.error()));
    return {};
}

}  // namespace daicho::access::password
