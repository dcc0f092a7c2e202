#include "harness/model/model_source.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>

#include "harness/base/usage_error.hpp"
#include "suites/demo_models.hpp"

namespace harness::model {
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
        throw base::UsageError(fmt::format("there is no model '{}'; known: demo:{}", argument,
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

std::string ModelSource::chat_format(const std::string& asked) const {
    return asked.empty() && argument_.starts_with(kDemoPrefix) ? "llama2" : asked;
}

std::unique_ptr<engine::LanguageModel> ModelSource::open(const engine::EngineOptions& options) const {
    return engine::open_model(path_, options);
}

}  // namespace harness::model
