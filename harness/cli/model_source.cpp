#include "harness/cli/model_source.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <limits>

#include "harness/cli/options.hpp"
#include "suites/demo/demo_models.hpp"

namespace harness::cli {
namespace {

constexpr std::string_view kDemoPrefix = "demo:";

void write_all(int descriptor, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written <= 0) throw std::runtime_error("the demo model cannot be put into memory: no space");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

}  // namespace

ModelSource::ModelSource(const std::string& argument) : argument_(argument), path_(argument) {
    if (!argument.starts_with(kDemoPrefix)) return;
    const std::string name = argument.substr(kDemoPrefix.size());
    const std::span<const std::byte> bytes = suites::demo::demo_model(name);
    if (bytes.empty()) {
        throw UsageError(fmt::format("there is no model '{}'; there are demo:{}", argument,
                                     fmt::join(suites::demo::demo_model_names(), ", demo:")));
    }
    descriptor_ = ::memfd_create(name.c_str(), MFD_CLOEXEC);
    if (descriptor_ < 0) throw std::runtime_error("the demo model cannot be put into memory: memfd_create failed");
    write_all(descriptor_, bytes);
    path_ = fmt::format("/proc/self/fd/{}", descriptor_);
}

ModelSource::~ModelSource() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::string ModelSource::variant() const {
    if (argument_.starts_with(kDemoPrefix)) return argument_;
    const std::filesystem::path path(argument_);
    return path.extension() == ".gguf" ? path.stem().string() : path.filename().string();
}

std::unique_ptr<engine::LanguageModel> ModelSource::open(const engine::EngineOptions& options) const {
    return engine::open_model(path_, options);
}

std::vector<engine::TokenId> parse_ids(const std::string& text, const std::string& option) {
    std::vector<engine::TokenId> ids;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (true) {
        engine::TokenId id = 0;
        const auto [next, error] = std::from_chars(at, end, id);
        if (error != std::errc{} || id < 0 || (next != end && *next != ',')) {
            throw UsageError(fmt::format("{}: '{}' is not a list of token ids such as 1,15043,3186", option, text));
        }
        ids.push_back(id);
        if (next == end) return ids;
        at = next + 1;
    }
}

}  // namespace harness::cli
