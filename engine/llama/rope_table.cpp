#include "engine/llama/rope_table.hpp"

#include <cmath>

namespace engine::llama {

void fill_rope_table(const formats::Hyperparameters& shape, std::span<float> table) {
    // Computed on the host in double, because sine and power differ between devices.
    for (std::uint32_t position = 0; position < shape.context; ++position) {
        for (std::uint32_t pair = 0; pair < shape.head_dim / 2; ++pair) {
            double angle = position * shape.position_scale * std::pow(shape.rope_theta, -2.0 * pair / shape.head_dim);
            if (!shape.frequency_factors.empty()) angle /= shape.frequency_factors[pair];
            const std::size_t at = (std::size_t{position} * (shape.head_dim / 2) + pair) * 2;
            table[at] = static_cast<float>(std::cos(angle));
            table[at + 1] = static_cast<float>(std::sin(angle));
        }
    }
}

}  // namespace engine::llama
