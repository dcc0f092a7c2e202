#pragma once

#include <array>
#include <initializer_list>

#include "engine/shaders/device.hpp"
#include "engine/shaders/kernels.hpp"
#include "engine/vulkan/recorder.hpp"

namespace engine::shaders {

/// Values of the kernels' specialisation constants.
struct Constants {
    std::uint32_t lanes = 0;           ///< subgroup size
    std::uint32_t head_units = 1;      ///< number of vec4 of a head, rounded up
    std::uint32_t units_per_lane = 1;  ///< head_units / lanes, rounded up
};

/// Runs the kernels of the device's family.
class Recorder : public vulkan::Recorder {
public:
    /// `device` must outlive the recorder.
    Recorder(const Device& device, const Constants& constants)
        // After the constants: the workgroup size of the kernels for matrix units, and kBroadcasts of common.glsl.
        : vulkan::Recorder(device, {constants.lanes, constants.head_units, constants.units_per_lane,
                                    constants.lanes * kMatrixSubgroups, device.info().features.broadcasts ? 1U : 0U}),
          family_(device.kernels()) {}

    using vulkan::Recorder::dispatch;
    /// The same for a kernel of the device's family.
    template <class Push>
    void dispatch(Kernel kernel, std::initializer_list<const vulkan::Buffer*> buffers, const Push& push,
                  std::uint32_t groups_x, std::uint32_t groups_y = 1) {
        dispatch(program(kernel, family_), buffers, push, groups_x, groups_y);
    }

private:
    const KernelFamily& family_;
};

}  // namespace engine::shaders
