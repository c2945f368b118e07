// The program `daicho`: names what each command does; everything else is wired in node/.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <iostream>

#include "app/commands/commands.hpp"
#include "app/verify/command.hpp"

namespace {

/// Keys and other people's log lines are in memory: they must not end in a core dump.
void forbid_core_dumps() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

int main(int argc, char** argv) {
    namespace cli = daicho::app::cli;
    namespace commands = daicho::app::commands;
    forbid_core_dumps();
    cli::Commands all;
    all.init = commands::init;
    all.serve = commands::serve;
    all.ledger_import = commands::ledger_import;
    all.ledger_search = commands::ledger_search;
    all.ledger_prove = commands::ledger_prove;
    all.ledger_export = commands::ledger_export;
    all.ledger_status = commands::ledger_status;
    all.ledger_reindex = commands::ledger_reindex;
    all.status = commands::status;
    all.pack = commands::pack;
    all.verify = [](const std::vector<std::string>& arguments) {
        return daicho::app::verify::run(arguments, std::cout, std::cerr);
    };
    all.rescue = commands::rescue;
    return cli::run(std::vector<std::string>(argv + 1, argv + argc), all, std::cout, std::cerr);
}
