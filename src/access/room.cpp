#include "access/room.hpp"

namespace daicho::access {

Status Room::sweep() {
    Status done = sessions.sweep();
    if (!done) return done;
    done = sign_in.sweep();
    if (!done) return done;
    return tally.flush();
}

}  // namespace daicho::access
