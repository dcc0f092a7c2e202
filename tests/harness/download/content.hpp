#pragma once

#include <fstream>
#include <iterator>
#include <string>

/// 200,000 bytes without a short period.
inline const std::string& content() {
    static const std::string kContent = [] {
        std::string text;
        for (int i = 0; text.size() < 200000; ++i) text += std::to_string(i * i) + "\n";
        text.resize(200000);
        return text;
    }();
    return kContent;
}

inline std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
