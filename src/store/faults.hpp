#pragma once
// Faults of a database that someone inside store/ answers for. Rooms above see them as refusals or
// as plain Fault.
#include "base/fault.hpp"

namespace daicho::store {

/// The deadline of a transaction ran out inside a statement: Database::read and write answer
/// Errc::unavailable.
class DeadlineFault final : public Fault {
public:
    using Fault::Fault;
};

/// Another process held the file for longer than lock_wait_ms_max: Errc::unavailable as well.
class BusyFault final : public Fault {
public:
    using Fault::Fault;
};

/// The file does not begin like a database: Database::open answers Errc::tampered.
class NotADatabase final : public Fault {
public:
    using Fault::Fault;
};

}  // namespace daicho::store
