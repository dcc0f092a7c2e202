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

namespace engine::formats {

/// A model on disk, whatever its format: one implementation per format, and open_model_file() chooses it. Tensors bear
/// the names that llama.cpp gives them (`blk.0.attn_q.weight`), with the rows of queries and keys in the order of
/// Meta's files, in which rope rotates neighbouring values. All functions throw EngineError (Input) naming the file,
/// the place and both values.
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

    /// The numbers as the file states them, unchecked, for showing; 0 for absent ones. Works for vocabularies too.
    virtual Hyperparameters declared_hyperparameters() const = 0;
    /// `context`: tokens of a sequence that are wanted at most, 0 for the model's own. Throws for an impossible number,
    /// and for anything in the file that asks for what the network does not compute.
    virtual Hyperparameters hyperparameters(std::uint32_t context) const = 0;
    /// Throws for a file without a tokenizer, or with one that does something else than Llama 2's.
    virtual Vocabulary vocabulary() const = 0;

    virtual const std::vector<TensorInfo>& tensors() const = 0;
    /// Bytes of one of tensors(), valid as long as this object.
    virtual std::span<const std::byte> data(const TensorInfo& tensor) const = 0;

    /// All bytes of the model: its fingerprint is theirs. Several pieces when it has several files.
    virtual std::vector<std::span<const std::byte>> contents() const = 0;
    /// Throws EngineError (Device) when a file was changed since it was opened: see MappedFile::check.
    virtual void check_unchanged() const = 0;

    /// What is not used, and likely mistakes of conversions that spoil scores without an error: sentences for people.
    virtual std::vector<std::string> warnings() const = 0;

    /// Null when there is no tensor of that name.
    const TensorInfo* find(std::string_view name) const;
    /// SHA-256 of contents(), in hexadecimal.
    std::string fingerprint() const;
};

/// Throws EngineError (Input) for a file that is missing, damaged or of no known format.
std::unique_ptr<ModelFile> open_model_file(const std::string& path);

/// Whether a file begins like a model; others may be a sentencepiece `tokenizer.model`. Throws EngineError (Input) when
/// it cannot be read.
bool is_model_file(const std::string& path);

}  // namespace engine::formats
