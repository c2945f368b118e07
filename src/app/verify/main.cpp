#include <iostream>

#include "app/verify/command.hpp"
#include "base/system/memory.hpp"

int main(int argc, char** argv) {
    daicho::keep_freed_memory();
    return daicho::app::verify::run({argv + 1, argv + argc}, std::cout, std::cerr);
}
