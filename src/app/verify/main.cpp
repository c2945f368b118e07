#include <iostream>

#include "app/verify/command.hpp"

int main(int argc, char** argv) {
    return daicho::app::verify::run({argv + 1, argv + argc}, std::cout, std::cerr);
}
