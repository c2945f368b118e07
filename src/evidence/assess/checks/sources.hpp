#pragma once
// The log sources of one kind, as registered at the moment asked for; shared by the checks about
// sources.
#include <string>
#include <vector>

#include "evidence/assess/checks/check.hpp"

namespace daicho::evidence::assess {

/// The server's own events; it is no source that anybody registers.
inline constexpr std::string_view own_source = "daicho";

struct RegisteredSource {
    std::string id;
    WallNs since_ns = 0;  // its first registration with this flag
};

/// Active sources with a flag. Says insufficient when there is none, and when somebody sends
/// without being registered: it might be one of these.
[[nodiscard]] std::vector<RegisteredSource> sources_with(const Context& context,
                                                         const std::string& flag, Finding& finding);

/// The newest state of each day's count, from a moment on.
[[nodiscard]] std::map<std::string, const Fact*> days_of(const Context& context,
                                                         const std::string& source,
                                                         WallNs since_ns);

}  // namespace daicho::evidence::assess
