#include "base/system/memory.hpp"

#include <cstdlib>  // defines __GLIBC__

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace daicho {

void keep_freed_memory() noexcept {
#if defined(__GLIBC__)
    constexpr int kept_bytes = 32 << 20;  // also the largest threshold that glibc accepts
    mallopt(M_MMAP_THRESHOLD, kept_bytes);
    mallopt(M_TRIM_THRESHOLD, kept_bytes);
#endif
}

void give_back_free_memory() noexcept {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

}  // namespace daicho
