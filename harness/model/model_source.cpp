#include "harness/model/model_source.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <system_error>

#include "harness/base/usage_error.hpp"
#include "suites/demo_models.hpp"
#include "suites/suggestion.hpp"

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

std::set<std::string> demo_models() {
    std::set<std::string> names;
    for (const std::string& name : suites::demo::demo_model_names()) names.insert(std::string(kDemoPrefix) + name);
    return names;
}

/// The demo models, and the model files in the folder that a path names.
std::set<std::string> models_near(const std::filesystem::path& path) {
    std::set<std::string> names = demo_models();
    std::error_code error;
    const std::filesystem::path folder = path.parent_path();
    for (const auto& entry : std::filesystem::directory_iterator(folder.empty() ? "." : folder, error)) {
        if (entry.path().extension() == ".gguf") names.insert((folder / entry.path().filename()).string());
    }
    return names;
}

void check_exists(const std::string& path) {
    std::error_code error;
    // Other mistakes, such as a folder that may not be read, are named when the file is opened.
    if (std::filesystem::exists(path, error) || error) return;
    throw base::UsageError(
        fmt::format("{}: no such model file{}", path, suites::did_you_mean(path, models_near(path))));
}

}  // namespace

ModelSource::ModelSource(const std::string& argument) : argument_(argument), path_(argument) {
    if (!argument.starts_with(kDemoPrefix)) {
        check_exists(argument);
        return;
    }
    const std::string name = argument.substr(kDemoPrefix.size());
    const std::span<const std::byte> bytes = suites::demo::demo_model(name);
    if (bytes.empty())
        throw base::UsageError(
            fmt::format("there is no model '{}'{}", argument, suites::suggestion(argument, demo_models())));
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

engine::ChatFormat ModelSource::chat_format(const engine::Tokenizer& tokenizer, const std::string& asked) const {
    const bool is_demo = argument_.starts_with(kDemoPrefix);
    return engine::choose_chat_format(tokenizer, asked.empty() && is_demo ? "llama2" : asked, variant());
}

std::unique_ptr<engine::LanguageModel> ModelSource::open(const engine::EngineOptions& options) const {
    try {
        return engine::open_model(path_, options);
    } catch (const engine::EngineError& error) {
        // The path of a demo model is one that nobody typed.
        std::string what = error.what();
        if (descriptor_ < 0 || !what.starts_with(path_)) throw;
        throw engine::EngineError(error.kind(), argument_ + what.substr(path_.size()));
    }
}

}  // namespace harness::model
