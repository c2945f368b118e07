#pragma once
// Faults and bugs. A Fault is the only exception class that daicho throws: the world failed (disk,
// SQL, corrupt page). It is caught in two places only: the API dispatch (500 with an incident id)
// and app/jobs (retry with back-off).
#include <source_location>
#include <stdexcept>
#include <string>

namespace daicho {

class Fault : public std::runtime_error {
public:
    explicit Fault(const std::string& what,
                   std::source_location where = std::source_location::current())
        : std::runtime_error(what), where_(where) {}
    [[nodiscard]] const std::source_location& where() const noexcept { return where_; }

private:
    std::source_location where_;
};

/// A system call failed. `error_number` is errno at that moment (ENOSPC and EDQUOT can be told from
/// the rest).
class IoFault : public Fault {
public:
    IoFault(const std::string& doing, int error_number,
            std::source_location where = std::source_location::current());
    [[nodiscard]] int error_number() const noexcept { return error_number_; }
    [[nodiscard]] bool out_of_space() const noexcept;

private:
    int error_number_;
};

/// Ends the process when `holds` is false: a bug, never a refusal. On in release too.
void check(bool holds, const char* what,
           std::source_location where = std::source_location::current()) noexcept;

}  // namespace daicho
