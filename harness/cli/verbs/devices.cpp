#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/devices.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/text.hpp"
#include "harness/cli/verbs/verbs.hpp"

namespace harness::cli {
namespace {

struct DevicesOptions {
    bool json = false;
};

using nlohmann::json;

/// The features that decide the choice of kernels, as text.
std::string reported(const engine::DeviceFeatures& features) {
    return fmt::format("workgroups of {} with {}, {}, integer dot products {}, matrix units {}",
                       features.largest_workgroup, human_bytes(features.workgroup_memory_bytes),
                       features.float16 ? "half arithmetic" : "no half arithmetic",
                       features.fast_integer_dot ? "in hardware"
                       : features.integer_dot    ? "emulated"
                                                 : "none",
                       features.matrix_extension.empty() ? "none" : features.matrix_extension);
}

void print_device(std::size_t index, const engine::DeviceInfo& device) {
    constexpr std::size_t kColumn = 15;
    print_paragraph(fmt::format("{}: {} ({}){}", index, device.name, device.type, device.usable ? "" : ", not usable"));
    std::vector<Fact> facts = {
        {"   driver", device.driver},
        {"   memory",
         fmt::format("{} free, {} in one allocation, {} in one storage binding", human_bytes(device.available_bytes),
                     human_bytes(device.max_allocation_bytes), human_bytes(device.max_buffer_range))},
        {"   transfers", device.staged ? "through staging memory" : "in place, the memory is the host's"},
        {"   subgroup", fmt::format("{} lanes", device.subgroup_size)}};
    if (device.usable) facts.push_back({"   reports", reported(device.features)});
    facts.push_back({"   kernels", device.kernels});
    print_facts(facts, kColumn);
}

ExitCode list_devices(const DevicesOptions& options) {
    const std::vector<engine::DeviceInfo> devices = engine::list_devices();
    if (options.json) {
        json rows = json::array();
        for (const engine::DeviceInfo& device : devices) {
            rows.push_back({{"name", device.name},
                            {"driver", device.driver},
                            {"type", device.type},
                            {"memory_bytes", device.memory_bytes},
                            {"available_bytes", device.available_bytes},
                            {"max_allocation_bytes", device.max_allocation_bytes},
                            {"max_buffer_range", device.max_buffer_range},
                            {"max_texel_elements", device.max_texel_elements},
                            {"staged", device.staged},
                            {"subgroup_size", device.subgroup_size},
                            {"features",
                             {{"largest_workgroup", device.features.largest_workgroup},
                              {"workgroup_memory_bytes", device.features.workgroup_memory_bytes},
                              {"subgroup_size_varies", device.features.subgroup_size_varies},
                              {"subgroup_size_can_be_required", device.features.subgroup_size_can_be_required},
                              {"float16", device.features.float16},
                              {"integer_dot", device.features.integer_dot},
                              {"fast_integer_dot", device.features.fast_integer_dot},
                              {"matrix_extension", device.features.matrix_extension}}},
                            {"usable", device.usable},
                            {"kernels", device.kernels}});
        }
        print_json(rows);
        return ExitCode::Done;
    }
    if (devices.empty())
        print_paragraph("no Vulkan device; Debian's mesa-vulkan-drivers has a software one for every machine");
    for (std::size_t index = 0; index < devices.size(); ++index) print_device(index, devices[index]);
    return ExitCode::Done;
}

}  // namespace

void add_devices(Verb& root) {
    Verb& verb = root.verb("devices", "Vulkan devices and what the engine uses on each");
    auto& options = verb.command(list_devices);
    json_flag(verb, options.json);
    verb.example("bellwether devices --json");
}

}  // namespace harness::cli
