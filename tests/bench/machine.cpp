#include "machine.hpp"

#include <fstream>

namespace bench {

std::string load_average() {
    std::ifstream file("/proc/loadavg");
    std::string one_minute;
    file >> one_minute;
    return one_minute.empty() ? "unknown" : one_minute;
}

std::string processor_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown processor";
}

}  // namespace bench
