#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

/// A path of a data file outside the source tree; nullopt, with a message, if it is missing.
inline std::optional<std::filesystem::path> shared_data(const std::string& name) {
    const char* given = std::getenv("BELLWETHER_SHARED");
    const std::filesystem::path root = given != nullptr ? given : BELLWETHER_SOURCE_DIR "/../shared";
    if (std::filesystem::exists(root / name)) return root / name;
    MESSAGE("skipped: ", (root / name).string(), " is absent; BELLWETHER_SHARED names the folder");
    return std::nullopt;
}

inline std::string read_all(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
