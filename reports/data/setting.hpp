#pragma once

#include <string>
#include <vector>

namespace reports::data {

/// A setting that results depend on: {"temperature", "0.7"}. Hostile text.
struct Setting {
    std::string name;
    std::string value;

    friend bool operator==(const Setting&, const Setting&) = default;
};
/// Names are unique; sorted as shown.
using Settings = std::vector<Setting>;

}  // namespace reports::data
