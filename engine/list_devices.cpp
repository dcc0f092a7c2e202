#include "engine/devices.hpp"

#include "engine/shaders/family.hpp"
#include "engine/vulkan/device.hpp"

namespace engine {

std::vector<DeviceInfo> list_devices() {
    std::vector<DeviceInfo> infos = vulkan::list_devices();
    for (DeviceInfo& info : infos) {
        // Unusable devices keep the reason why.
        if (info.usable) info.kernels = shaders::choose_family(info, Kernels::Automatic).reason;
    }
    return infos;
}

}  // namespace engine
