#pragma once
// Sign-in, session and privilege messages of Unix programs. Each function takes the message after
// the header, fills what it recognises and says whether it recognised anything. User names are
// taken from the right: the name is what the attacker chose, and `root from 192.0.2.1 port 1` must
// not pass for an address.
//
// Which line is the attempt: (sign_in, success|failure) stands only on the line that is one attempt
// by itself, so that counting them counts attempts. The lines that accompany it (Invalid user,
// PAM's report of the same failure to sshd, "maximum authentication attempts") have action `other`
// with outcome failure.
#include <string_view>

#include "ledger/search/fields.hpp"

namespace daicho::evidence::collect::parse {

[[nodiscard]] bool sshd(std::string_view message, ledger::search::Fields& out);
/// `pam_unix(sshd:auth): …` in the message, or an app of the old form `sshd(pam_unix)`.
[[nodiscard]] bool pam(std::string_view app, std::string_view message, ledger::search::Fields& out);
[[nodiscard]] bool sudo(std::string_view message, ledger::search::Fields& out);
[[nodiscard]] bool su(std::string_view message, ledger::search::Fields& out);
/// systemd-logind, login, cron, useradd and relatives, ftpd, klogind.
[[nodiscard]] bool session(std::string_view app, std::string_view message,
                           ledger::search::Fields& out);

}  // namespace daicho::evidence::collect::parse
