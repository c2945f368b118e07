#pragma once
// Test vectors of other people's making: lines of fields in hex, '#' for comments, '-' for an empty
// field.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace daicho::testing_support {

struct Vector {
    std::string line;  // for messages
    std::vector<std::string> fields;

    [[nodiscard]] Bytes bytes(std::size_t field) const {
        const std::string& text = fields.at(field);
        return text == "-" ? Bytes() : from_hex(text).value();
    }
};

/// All lines of tests/data/<name>; fails the test when there are none.
inline std::vector<Vector> read_vectors(const std::string& name) {
    std::ifstream file(std::string(DAICHO_SOURCE_DIR) + "/tests/data/" + name);
    std::vector<Vector> out;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        Vector vector{line, {}};
        std::istringstream words(line);
        for (std::string word; words >> word;) vector.fields.push_back(word);
        out.push_back(std::move(vector));
    }
    EXPECT_FALSE(out.empty()) << "no vectors in " << name;
    return out;
}

}  // namespace daicho::testing_support
