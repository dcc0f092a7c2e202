#include <doctest/doctest.h>

#include <string>

#include "engine/shaders/kernels.hpp"

namespace {

using engine::DeviceInfo;
using engine::EngineError;
using engine::Kernels;
using engine::Numerics;
using engine::shaders::choose_family;
using engine::shaders::Family;
using engine::shaders::FastArithmetic;
using engine::shaders::KernelFamily;

DeviceInfo device(const std::string& type, const engine::DeviceFeatures& features, std::uint32_t lanes = 32) {
    DeviceInfo info;
    info.name = "a device";
    info.type = type;
    info.subgroup_size = lanes;
    info.features = features;
    return info;
}

/// Minimum features of desktop GPUs.
engine::DeviceFeatures plain() {
    engine::DeviceFeatures features;
    features.largest_workgroup = 1024;
    features.workgroup_memory_bytes = 49152;
    features.float16 = true;
    return features;
}

}  // namespace

TEST_SUITE("engine.families") {
    TEST_CASE("a CPU gets the kernels for software devices whatever else it reports") {
        engine::DeviceFeatures features = plain();
        features.integer_dot = features.fast_integer_dot = true;
        const KernelFamily family = choose_family(device("CPU", features, 8), Kernels::Automatic);
        CHECK(family.family == Family::Software);
        CHECK(family.numerics_id(Numerics::Exact) == "exact-4");
        CHECK(family.numerics_id(Numerics::Fast) == "fast-3");
    }

    TEST_CASE("a GPU gets matrix units if possible or else integer dot products or else neither") {
        engine::DeviceFeatures features = plain();
        CHECK(choose_family(device("discrete GPU", features), Kernels::Automatic).fast == FastArithmetic::None);
        features.integer_dot = true;  // emulated by the driver: no gain
        CHECK(choose_family(device("discrete GPU", features), Kernels::Automatic).fast == FastArithmetic::None);
        features.fast_integer_dot = true;
        const KernelFamily dot = choose_family(device("integrated GPU", features), Kernels::Automatic);
        CHECK(dot.family == Family::Gpu);
        CHECK(dot.fast == FastArithmetic::Dot);
        CHECK(dot.numerics_id(Numerics::Fast) == "fast-dot-2");
        features.matrix_extension = "VK_NV_cooperative_matrix";
        const KernelFamily matrix = choose_family(device("discrete GPU", features), Kernels::Automatic);
        CHECK(matrix.fast == FastArithmetic::MatrixNv);
        CHECK(matrix.numerics_id(Numerics::Fast) == "fast-matrix-2");
        CHECK(matrix.numerics_id(Numerics::Exact) == dot.numerics_id(Numerics::Exact));
        CHECK(choose_family(device("discrete GPU", features), Kernels::GpuDot).fast == FastArithmetic::Dot);
    }

    TEST_CASE("matrix units need a subgroup size that is known and fits a workgroup") {
        engine::DeviceFeatures features = plain();
        features.matrix_extension = "VK_NV_cooperative_matrix";
        features.subgroup_size_varies = true;
        CHECK(choose_family(device("discrete GPU", features), Kernels::Automatic).fast == FastArithmetic::None);
        features.subgroup_size_can_be_required = true;
        CHECK(is_matrix(choose_family(device("discrete GPU", features, 64), Kernels::Automatic).fast));
        features.largest_workgroup = 256;
        CHECK_FALSE(is_matrix(choose_family(device("discrete GPU", features, 64), Kernels::Automatic).fast));
    }

    TEST_CASE("a GPU with small workgroups gets the kernels that run everywhere and says why") {
        engine::DeviceFeatures features = plain();
        features.workgroup_memory_bytes = 16384;  // the least that Vulkan allows
        const KernelFamily family = choose_family(device("integrated GPU", features), Kernels::Automatic);
        CHECK(family.family == Family::Software);
        CHECK(family.reason.find("16384 bytes") != std::string::npos);
        CHECK_THROWS_AS(choose_family(device("integrated GPU", features), Kernels::Gpu), EngineError);
    }

    TEST_CASE("a feature that the device lacks is refused and not replaced") {
        engine::DeviceFeatures features = plain();
        CHECK_THROWS_AS(choose_family(device("discrete GPU", features), Kernels::GpuDot), EngineError);
        const KernelFamily family = choose_family(device("discrete GPU", features), Kernels::Gpu);
        CHECK_THROWS_AS(check_numerics(family, Numerics::Fast), EngineError);
        CHECK_NOTHROW(check_numerics(family, Numerics::Exact));
        features.float16 = false;
        CHECK_THROWS_AS(choose_family(device("discrete GPU", features), Kernels::GpuMatrix), EngineError);
    }
}
