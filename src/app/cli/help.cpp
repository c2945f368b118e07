#include "app/cli/help.hpp"

#include <algorithm>
#include <array>

namespace daicho::app::cli {
namespace {

struct Examples {
    std::string_view command;
    std::string_view text;
    bool beside_server;
};

constexpr std::array all{
    Examples{"",
             "  daicho init data --organisation 見本事務所 --admin kanri\n"
             "  daicho serve data --syslog-tls 0.0.0.0:6514\n"
             "  daicho status data --json\n",
             false},
    Examples{
        "init",
        "  daicho init data --organisation 見本事務所 --admin kanri --host daicho.example.jp\n",
        false},
    Examples{"serve",
             "  daicho serve data --https 0.0.0.0:8443 --syslog-tls 0.0.0.0:6514\n"
             "  daicho serve data --syslog-tcp 127.0.0.1:6514 --syslog-udp off\n",
             false},
    Examples{"rescue", "  daicho rescue data --admin kanri\n", true},
    Examples{"accept-restored-state",
             "  daicho accept-restored-state data --reason ディスク故障のため昨夜の控えから復旧\n",
             false},
    Examples{"ledger",
             "  daicho ledger status data\n"
             "  daicho ledger search data --outcome failure --from 2026-11-01 root\n",
             true},
    Examples{"ledger import",
             "  daicho ledger import data --source web01 /var/log/auth.log\n"
             "  zcat old.gz | daicho ledger import data --source web01 -\n",
             true},
    Examples{"ledger search",
             "  daicho ledger search data --user root --outcome failure --from 2026-11-01\n"
             "  daicho ledger search data --address 192.0.2.0/24 --json \"Failed password\"\n",
             true},
    Examples{"ledger prove",
             "  daicho ledger prove data 4711 -o event.tlog-proof\n"
             "  daicho-verify event.tlog-proof\n",
             true},
    Examples{"ledger export",
             "  daicho ledger export data\n"
             "  daicho ledger export data --target /media/worm --json\n",
             true},
    Examples{"ledger status", "  daicho ledger status data\n  daicho ledger status data --json\n",
             true},
    Examples{"ledger reindex", "  daicho ledger reindex data\n", true},
    Examples{"ledger retire", "  daicho ledger retire data\n  daicho ledger retire data --json\n",
             true},
    Examples{"ledger hold",
             "  daicho ledger hold data --from 2026-11-01 --to 2026-11-30 --reason 照会対応\n",
             true},
    Examples{"ledger release", "  daicho ledger release data 1 --reason 照会終了\n", true},
    Examples{"ledger holds", "  daicho ledger holds data\n  daicho ledger holds data --json\n",
             true},
    Examples{"status",
             "  daicho status data\n"
             "  daicho status data --json --as-of 2026-10-31\n",
             true},
    Examples{"pack",
             "  daicho pack data --clause 002-4-2a --from 2026-11-01 --to 2026-11-30 -o pack.zip\n"
             "  daicho-verify pack.zip\n",
             true},
};

}  // namespace

std::string examples_of(std::string_view command, Language language) {
    const auto found = std::ranges::find(all, command, &Examples::command);
    std::string out;
    if (found != all.end()) {
        out = sentence(language, "help.examples") + ":\n" + std::string(found->text);
        if (found->beside_server) out += sentence(language, "help.beside_server") + "\n";
    }
    return out + sentence(language, "help.exit_codes");
}

}  // namespace daicho::app::cli
