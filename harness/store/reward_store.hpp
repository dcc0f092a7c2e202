#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/store/rows.hpp"

namespace harness::store {

class Database;

/// Reward models of one database, which must outlive it. Throws StoreError.
class RewardStore {
public:
    explicit RewardStore(const Database& database);
    ~RewardStore();
    RewardStore(RewardStore&&) noexcept;

    /// By name.
    std::vector<RewardModelRow> models() const;
    /// nullopt when no model has the name.
    std::optional<RewardModelRow> find(std::string_view name) const;
    /// Adds a model. Throws StoreError when there is one of its name: a trained model is never replaced, since scores
    /// that it gave are kept under its name.
    void add(const RewardModelRow& model);
    /// Replaces the metrics of a model. Throws StoreError when no model has the name.
    void set_metrics(std::string_view name, const std::string& metrics_json);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace harness::store
