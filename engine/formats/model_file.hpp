#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/hyperparameters.hpp"
#include "engine/formats/tensor.hpp"
#include "engine/formats/vocabulary.hpp"
#include "engine/licence.hpp"

namespace engine::formats {

/// A model on disk in any format: one implementation per format, chosen by open_model_file(). Tensors have llama.cpp's
/// names (`blk.0.attn_q.weight`); rows of queries and keys are in the order of Meta's files, in which rope rotates
/// neighbouring values. All functions throw EngineError (Input) naming the file, the place, and the expected and found
/// values.
class ModelFile {
public:
    virtual ~ModelFile() = default;

    /// The path that was opened, for messages.
    virtual const std::string& path() const = 0;
    /// For people: "GGUF v3".
    virtual std::string format() const = 0;
    /// Name of the model in the file; empty when it has none.
    virtual std::string name() const = 0;
    /// Architecture in the file, unchecked; empty when it has none.
    virtual std::string architecture() const = 0;
    /// What the file says about the model's name, origin and licence.
    virtual Descriptions descriptions() const = 0;

    /// Hyperparameters as the file states them, unchecked, for display; 0 when absent. Also works for files with only a
    /// vocabulary.
    virtual Hyperparameters declared_hyperparameters() const = 0;
    /// `context`: maximum tokens of a sequence; 0 for the model's own. Throws for an impossible number, and when the
    /// file asks for something that the network does not compute.
    virtual Hyperparameters hyperparameters(std::uint32_t context) const = 0;
    /// Throws for a file without a tokenizer, or with one that works differently from Llama 2's.
    virtual Vocabulary vocabulary() const = 0;

    virtual const std::vector<TensorInfo>& tensors() const = 0;
    /// Bytes of one of tensors(), valid as long as this object.
    virtual std::span<const std::byte> data(const TensorInfo& tensor) const = 0;

    /// All bytes of the model, one span per file; the fingerprint is computed from them.
    virtual std::vector<std::span<const std::byte>> contents() const = 0;
    /// Tells that some of these bytes are not needed for now, so that they need not stay in memory. They can still be
    /// read.
    virtual void release(std::span<const std::byte> /*bytes*/) const {}
    /// Throws EngineError (Device) when a file was changed since it was opened: see MappedFile::check.
    virtual void check_unchanged() const = 0;

    /// Warnings, one sentence each: unused content, and likely conversion mistakes that make scores wrong without an
    /// error.
    virtual std::vector<std::string> warnings() const = 0;

    /// nullptr when there is no tensor of that name.
    const TensorInfo* find(std::string_view name) const;
    /// SHA-256 of contents(), in hexadecimal.
    std::string fingerprint() const;
    /// Decided from descriptions() and, where they tell nothing, from the name of the file.
    Licence licence() const;
};

/// Opens a model. Throws EngineError (Input) for a file that is missing, damaged or of no known format.
std::unique_ptr<ModelFile> open_model_file(const std::string& path);

/// Whether a file starts like a model; if not, it may be a sentencepiece `tokenizer.model`. Throws EngineError (Input)
/// when it cannot be read.
bool is_model_file(const std::string& path);

}  // namespace engine::formats
