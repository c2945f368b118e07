#include "base/fault.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace daicho {

IoFault::IoFault(const std::string& doing, int error_number, std::source_location where)
    : Fault(doing + ": " + std::strerror(error_number), where), error_number_(error_number) {}

bool IoFault::out_of_space() const noexcept {
    return error_number_ == ENOSPC || error_number_ == EDQUOT;
}

void check(bool holds, const char* what, std::source_location where) noexcept {
    if (holds) return;
    std::fprintf(stderr, "daicho: bug: %s (%s:%u)\n", what, where.file_name(), where.line());
    std::abort();
}

}  // namespace daicho
