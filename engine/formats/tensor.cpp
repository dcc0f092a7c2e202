#include "engine/formats/tensor.hpp"

namespace engine::formats {

std::uint64_t TensorInfo::rows() const {
    std::uint64_t product = 1;
    for (std::size_t axis = 1; axis < dims.size(); ++axis) product *= dims[axis];
    return product;
}

}  // namespace engine::formats
