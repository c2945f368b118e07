#pragma once
// The organisation that runs this installation: exactly one, made by bootstrap().
#include <cstdint>
#include <optional>
#include <string>

#include "access/access.hpp"
#include "base/result.hpp"
#include "store/versioned.hpp"

namespace daicho::access {

inline constexpr std::size_t organisation_name_chars_max = 200;
inline constexpr std::size_t organisation_settings_size_max = 16 * 1024;

struct Organisation {
    std::int64_t version = 0;
    std::string name;
    std::string time_zone = "Asia/Tokyo";  // IANA; the caller of change() has looked it up
    std::string settings = "{}";  // a JSON object that app/api reads and writes (business hours)
};

namespace organisations {

[[nodiscard]] const store::Versioned& table();
/// nullopt before bootstrap().
[[nodiscard]] std::optional<Organisation> current(store::Reader& reader);
[[nodiscard]] Status add(store::Transaction& tx, const Organisation& organisation,
                         const std::string& actor);

}  // namespace organisations

/// `organisation.version` is the one the caller looked at; Errc::conflict when it has moved on.
/// Needs settings.write. Evidence: settings.changed. Gives the organisation as stored.
[[nodiscard]] Result<Organisation> change_organisation(store::Database& database, Access& access,
                                                       const Caller& caller,
                                                       const Organisation& organisation);

/// A person's choices for the screen ("language": "ja"). No evidence: nobody's rights depend on
/// them.
inline constexpr std::size_t preference_value_size_max = 64;
[[nodiscard]] Result<std::string> preference(store::Database& database, const Caller& caller,
                                             const std::string& name, const std::string& otherwise);
[[nodiscard]] Status set_preference(store::Database& database, const Caller& caller,
                                    const std::string& name, const std::string& value);

}  // namespace daicho::access
