#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/store/rows.hpp"

namespace harness::store {

class Database;

/// Hidden states by the token ids of their sequence: what a backbone would compute again. The database must outlive it.
/// Throws StoreError.
class HiddenStateStore {
public:
    explicit HiddenStateStore(const Database& database);
    ~HiddenStateStore();
    HiddenStateStore(HiddenStateStore&&) noexcept;

    /// The number under which states of this source are kept; the same source always has the same number.
    std::int64_t source(const HiddenStateSource& source);
    /// The state of a sequence: f32 [dim]; nullopt when it is not stored, or is not `dim` finite values.
    std::optional<std::vector<float>> find(std::int64_t source, std::span<const std::int32_t> tokens,
                                           std::size_t dim) const;
    /// Stores states[i] of sequences[i] in one transaction; those that are there are replaced.
    void add(std::int64_t source, std::span<const std::vector<std::int32_t>> sequences,
             std::span<const std::vector<float>> states);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
