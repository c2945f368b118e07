#pragma once
#include "access/room.hpp"
#include "app/api/handler.hpp"
#include "store/database.hpp"

namespace daicho::app::api {

/// What of the schema Settings is not stored but given by content and configuration.
class SurroundingsService {
public:
    virtual ~SurroundingsService() = default;
    /// An object with posts, retention, collectors, syslog_lines and ca_certificate, as in the
    /// schema Settings.
    [[nodiscard]] virtual Result<nlohmann::json> surroundings() = 0;
};

[[nodiscard]] Handler get_settings(SurroundingsService* surroundings, store::Database& database);
[[nodiscard]] Handler put_settings(SurroundingsService* surroundings, store::Database& database,
                                   access::Room& access);

}  // namespace daicho::app::api
