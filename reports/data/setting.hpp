#pragma once

#include <string>
#include <vector>

namespace reports::data {

/// One thing that a result depends on: {"temperature", "0.7"}. Hostile text.
struct Setting {
    std::string name;
    std::string value;

    friend bool operator==(const Setting&, const Setting&) = default;
};
/// Names are unique; in the order in which they are shown.
using Settings = std::vector<Setting>;

}  // namespace reports::data
