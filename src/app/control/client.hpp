#pragma once
// The asking end: a command that finds daicho running lets it do the work.
#include <atomic>
#include <optional>
#include <string>

#include "app/control/message.hpp"
#include "app/control/socket.hpp"

namespace daicho::app::control {

/// One command handed over. interrupt() may be called by any thread, the rest by one.
class Call {
public:
    /// nullopt: nobody listens there. Errc::denied: daicho runs as another account (param `uid`,
    /// when it is known).
    [[nodiscard]] static Result<std::optional<Call>> open(const std::string& data_directory);
    /// Waits for the end of the command. Errc::unavailable: the connection broke before an answer;
    /// Errc::too_large, Errc::invalid: the arguments; Errc::conflict: another version of daicho.
    [[nodiscard]] Result<Answer> run(const Request& request, const Descriptors& descriptors);
    /// Asks the server to stop the command; run() then gives its answer.
    void interrupt() noexcept;

private:
    explicit Call(Fd connection) : connection_(std::move(connection)) {}
    Fd connection_;
};

/// This process's own: what it inherited, where it stands. Throws IoFault.
[[nodiscard]] Descriptors own_descriptors();

}  // namespace daicho::app::control
