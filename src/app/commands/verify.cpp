#include "app/verify/command.hpp"

#include "app/commands/commands.hpp"
#include "app/commands/state_check.hpp"

namespace daicho::app::commands {

int verify(Console& console, const std::vector<std::string>& arguments) {
    StateAgainstLedger state(system_clock());
    return app::verify::run(arguments, console.out, console.err, &state);
}

}  // namespace daicho::app::commands
