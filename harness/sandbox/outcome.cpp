#include "harness/sandbox/outcome.hpp"

#include <cctype>

namespace harness::sandbox {
namespace {

std::string without_addresses(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        result += text[i];
        if (text[i] != 'x' || i == 0 || text[i - 1] != '0') continue;
        std::size_t digits = 0;
        while (i + 1 + digits < text.size() && std::isxdigit(static_cast<unsigned char>(text[i + 1 + digits])) != 0)
            ++digits;
        if (digits >= 8) i += digits;  // shorter ones are numbers of the program, not addresses
    }
    return result;
}

}  // namespace

const char* to_string(Limit limit) {
    switch (limit) {
        case Limit::Cpu: return "CPU time";
        case Limit::Wall: return "wall time";
        case Limit::Memory: return "memory";
        case Limit::Processes: return "processes";
        case Limit::Files: return "scratch files";
        case Limit::None: break;
    }
    return "";
}

std::string Outcome::explanation() const {
    std::string text = reason;
    const std::string said = errors.substr(0, errors.find_last_not_of(" \r\n\t") + 1);
    if (!said.empty()) text += "\n" + said;
    return without_addresses(text);
}

}  // namespace harness::sandbox
