#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace harness::base {

/// The call or its input was wrong (exit code 2). The message says what, where and what to do next.
class UsageError : public std::runtime_error {
public:
    explicit UsageError(const std::string& message) : UsageError(std::vector<std::string>{message}) {}
    /// Several mistakes at once, each of which is shown on a line of its own.
    explicit UsageError(std::vector<std::string> mistakes)
        : std::runtime_error(joined(mistakes)), mistakes_(std::move(mistakes)) {}

    /// One or more; a line break inside of one belongs to text from outside, such as the name of a file.
    const std::vector<std::string>& mistakes() const { return mistakes_; }

private:
    static std::string joined(const std::vector<std::string>& mistakes) {
        std::string text;
        for (const std::string& mistake : mistakes) text += (text.empty() ? "" : "\n") + mistake;
        return text;
    }

    std::vector<std::string> mistakes_;
};

}  // namespace harness::base
