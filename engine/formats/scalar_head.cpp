#include "engine/formats/scalar_head.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace engine::formats {
namespace {

constexpr std::array kHeads = {"cls.output", "score"};

[[noreturn]] void fail(const ModelFile& file, const std::string& what) {
    throw EngineError(EngineError::Kind::Input, file.path() + ": " + what);
}

std::vector<float> values_of(const ModelFile& file, const TensorInfo& tensor) {
    std::vector<float> values(tensor.columns());
    layout_of(tensor.type).unpack(file.data(tensor), values);
    for (const float value : values) {
        if (!std::isfinite(value)) fail(file, fmt::format("tensor {} has a value that is not finite", tensor.name));
    }
    return values;
}

}  // namespace

std::vector<std::string> scalar_head_tensors(const ModelFile& file) {
    std::vector<std::string> names;
    for (const char* head : kHeads) {
        if (file.find(std::string(head) + ".weight") == nullptr) continue;
        for (const char* part : {".weight", ".bias"}) {
            if (file.find(std::string(head) + part) != nullptr) names.push_back(std::string(head) + part);
        }
        return names;
    }
    return names;
}

std::optional<ScalarHead> read_scalar_head(const ModelFile& file, std::uint32_t dim) {
    const std::vector<std::string> names = scalar_head_tensors(file);
    if (names.empty()) return std::nullopt;
    if (file.find("cls.weight") != nullptr)
        fail(file,
             "tensor cls.weight: a classifier with a layer before its head is not a reward model that this "
             "build computes");
    const TensorInfo& weight = *file.find(names[0]);
    if (weight.columns() != dim || weight.rows() != 1)
        fail(file, fmt::format("tensor {} is {}x{}, expected {}x1: a reward model has one output", weight.name,
                               weight.columns(), weight.rows(), dim));
    ScalarHead head{.weights = values_of(file, weight)};
    if (names.size() < 2) return head;
    const TensorInfo& bias = *file.find(names[1]);
    if (bias.columns() != 1 || bias.rows() != 1)
        fail(file, fmt::format("tensor {} has {}x{} values, expected 1", bias.name, bias.columns(), bias.rows()));
    head.bias = values_of(file, bias).front();
    return head;
}

}  // namespace engine::formats
