#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/shaders/gpu/kernels.hpp"
#include "engine/shaders/matmul_kernels.hpp"

namespace {

/// What a SPIR-V module says of its bindings and push constants.
struct Interface {
    std::map<std::uint32_t, char> bindings;  ///< binding -> B storage buffer, T texel buffer
    std::uint32_t push_bytes = 0;
    std::vector<std::uint32_t> workgroup;  ///< x, y, z; a specialised x is 1 here
};

// Numbers of the SPIR-V specification.
constexpr std::uint32_t kOpExecutionMode = 16, kLocalSize = 17;
constexpr std::uint32_t kOpTypeImage = 25, kOpTypeStruct = 30, kOpTypePointer = 32, kOpVariable = 59, kOpDecorate = 71,
                        kOpMemberDecorate = 72;
constexpr std::uint32_t kBinding = 33, kOffset = 35, kPushConstant = 9, kDimBuffer = 5;

Interface interface_of(std::span<const std::uint32_t> words) {
    std::map<std::uint32_t, std::uint32_t> binding_of;    // variable -> binding
    std::map<std::uint32_t, std::uint32_t> struct_size;   // struct -> bytes up to the last 4-byte member
    std::map<std::uint32_t, std::uint32_t> pointee;       // pointer type -> type
    std::map<std::uint32_t, bool> is_texel_buffer;        // image type
    std::map<std::uint32_t, std::uint32_t> first_member;  // struct -> type of its first member
    Interface result;
    for (std::size_t at = 5; at < words.size(); at += words[at] >> 16) {
        const std::span<const std::uint32_t> op = words.subspan(at, words[at] >> 16);
        switch (words[at] & 0xFFFF) {
            case kOpExecutionMode:
                if (op[2] == kLocalSize) result.workgroup.assign(op.begin() + 3, op.end());
                break;
            case kOpDecorate:
                if (op[2] == kBinding) binding_of[op[1]] = op[3];
                break;
            case kOpMemberDecorate:
                if (op[3] == kOffset) struct_size[op[1]] = std::max(struct_size[op[1]], op[4] + 4);
                break;
            case kOpTypeImage: is_texel_buffer[op[1]] = op[3] == kDimBuffer; break;
            case kOpTypeStruct:
                if (op.size() > 2) first_member[op[1]] = op[2];
                break;
            case kOpTypePointer: pointee[op[1]] = op[3]; break;
            case kOpVariable:
                // The block holds one member, the struct that C++ shares.
                if (op[3] == kPushConstant) result.push_bytes = struct_size[first_member[pointee[op[1]]]];
                if (binding_of.contains(op[2]))
                    result.bindings[binding_of[op[2]]] = is_texel_buffer[pointee[op[1]]] ? 'T' : 'B';
                break;
            default: break;
        }
    }
    return result;
}

/// A load or store of a matrix in a module for VK_NV_cooperative_matrix.
struct MatrixAccess {
    std::string array;
    std::uint32_t stride = 0;
    bool by_columns = false;
};

std::vector<MatrixAccess> matrix_accesses(std::span<const std::uint32_t> words) {
    constexpr std::uint32_t kOpName = 5, kOpConstantTrue = 41, kOpConstant = 43, kOpAccessChain = 65, kOpLoad = 5359,
                            kOpStore = 5360;
    std::map<std::uint32_t, std::string> names;
    std::map<std::uint32_t, std::uint32_t> values;    // constant -> value
    std::map<std::uint32_t, std::uint32_t> variable;  // access chain -> what it goes into
    std::vector<MatrixAccess> found;
    for (std::size_t at = 5; at < words.size(); at += words[at] >> 16) {
        const std::span<const std::uint32_t> op = words.subspan(at, words[at] >> 16);
        switch (words[at] & 0xFFFF) {
            case kOpName: names[op[1]] = reinterpret_cast<const char*>(&op[2]); break;
            case kOpConstantTrue: values[op[2]] = 1; break;
            case kOpConstant: values[op[2]] = op[3]; break;
            case kOpAccessChain: variable[op[2]] = op[3]; break;
            case kOpLoad: found.push_back({names[variable[op[3]]], values[op[4]], values[op[5]] == 1}); break;
            case kOpStore: found.push_back({names[variable[op[1]]], values[op[3]], values[op[4]] == 1}); break;
            default: break;
        }
    }
    return found;
}

/// Every program of every family.
std::vector<engine::vulkan::Program> all_programs() {
    std::vector<engine::vulkan::Program> programs;
    for (const auto& entry : engine::shaders::software_kernels()) programs.push_back(entry.program);
    for (const auto& entry : engine::shaders::gpu::kernels()) programs.push_back(entry.program);
    for (const auto& entry : engine::shaders::matmul_kernels()) programs.push_back(entry.program);
    return programs;
}

}  // namespace

TEST_SUITE("engine.shaders") {
    // Checks the instructions that no software device can run, which gpu/matrix_emulated.glsl replaces.
    TEST_CASE(
        "matrix units read weights by rows and activations by columns and "
        "write results by columns") {
        std::size_t kernels = 0;
        for (const engine::shaders::MatmulKernel& kernel : engine::shaders::matmul_kernels()) {
            if (kernel.arithmetic != engine::shaders::FastArithmetic::MatrixNv) continue;
            CAPTURE(std::string(kernel.program.name));
            ++kernels;
            std::map<std::string, int> seen;
            for (const MatrixAccess& access : matrix_accesses(kernel.program.words)) {
                CAPTURE(access.array);
                ++seen[access.array];
                CHECK(access.by_columns == (access.array != "w_half"));
                CHECK(access.stride == (access.array == "results" ? 16 : 40));
            }
            CHECK(seen.size() == 3);
        }
        const std::size_t types = engine::formats::layouts().size() - 2;  // all but F32 and BF16
        CHECK(kernels == 2 * types);                                      // for few tokens and for many
    }

    TEST_CASE("every block type has the kernels that its entry in the list promises") {
        using engine::shaders::Family;
        using engine::shaders::FastArithmetic;
        using engine::shaders::find_matmul;
        using engine::shaders::TokenTile;
        const std::map<std::string, std::vector<FastArithmetic>> fast_of = {
            {"F32", {}},
            {"BF16", {}},
            {"F16", {FastArithmetic::MatrixNv, FastArithmetic::MatrixEmulated}},
        };
        const std::vector<FastArithmetic> integers = {FastArithmetic::Pairs, FastArithmetic::Dot,
                                                      FastArithmetic::MatrixNv, FastArithmetic::MatrixEmulated};
        for (const engine::formats::TensorLayout* layout : engine::formats::layouts()) {
            CAPTURE(std::string(layout->name));
            const auto found = fast_of.find(std::string(layout->name));
            const auto& wanted = found == fast_of.end() ? integers : found->second;
            for (const TokenTile tile : {TokenTile::Few, TokenTile::Many}) {
                CHECK(find_matmul(Family::Software, layout->type, FastArithmetic::None, tile) != nullptr);
                CHECK(find_matmul(Family::Gpu, layout->type, FastArithmetic::None, tile) != nullptr);
                for (const FastArithmetic arithmetic : integers) {
                    const Family family = arithmetic == FastArithmetic::Pairs ? Family::Software : Family::Gpu;
                    const bool expected = std::find(wanted.begin(), wanted.end(), arithmetic) != wanted.end();
                    CHECK((find_matmul(family, layout->type, arithmetic, tile) != nullptr) == expected);
                }
            }
        }
    }

    TEST_CASE("the table of kernels agrees with the compiled modules") {
        for (const engine::vulkan::Program& program : all_programs()) {
            CAPTURE(std::string(program.name));
            const Interface shader = interface_of(program.words);
            std::string kinds;
            for (const auto& [binding, kind] : shader.bindings) {
                CHECK(binding == kinds.size());  // numbered without gaps
                kinds += kind;
            }
            CHECK(kinds == program.bindings);
            CHECK(shader.push_bytes == program.push_bytes);
            CHECK(program.push_bytes <= 128);  // what every device has
            // llvmpipe fills its vectors along x alone: other shapes leave lanes empty and number subgroups wrongly.
            REQUIRE(shader.workgroup.size() == 3);
            CHECK(shader.workgroup[1] == 1);
            CHECK(shader.workgroup[2] == 1);
        }
    }
}
