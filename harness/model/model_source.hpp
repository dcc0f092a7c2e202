#pragma once

#include <memory>
#include <string>

#include "engine/chat.hpp"
#include "engine/language_model.hpp"

namespace harness::model {

/// A MODEL argument as a path that the engine can open. For `demo:NAME` the embedded file is copied to an anonymous
/// in-memory file that lives as long as this object.
class ModelSource {
public:
    /// Throws base::UsageError for an unknown demo model and a file that does not exist, naming the nearest.
    explicit ModelSource(const std::string& argument);
    ModelSource(const ModelSource&) = delete;
    ModelSource& operator=(const ModelSource&) = delete;
    ~ModelSource();

    const std::string& path() const { return path_; }
    /// Display name: `demo:chat`, or the file's name without folder and `.gguf`.
    std::string variant() const;

    /// The chat format of this name. When `asked` is empty: Llama 2's for the demo models, which have no template and
    /// were trained in it, else that of the model's own template. Throws as engine::choose_chat_format().
    engine::ChatFormat chat_format(const engine::Tokenizer& tokenizer, const std::string& asked) const;

    std::unique_ptr<engine::LanguageModel> open(const engine::EngineOptions& options) const;

private:
    std::string argument_;
    std::string path_;
    int descriptor_ = -1;
};

}  // namespace harness::model
