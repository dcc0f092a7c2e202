#include "harness/store/reward_store.hpp"

#include <fmt/format.h>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {

class RewardStore::Impl {
public:
    explicit Impl(const Database& database) : db(database) {}

    const Database& db;
    Statement models{db, R"sql(
        SELECT id, name, created, fingerprint, backbone, head, data_hash, settings, metrics FROM reward_model
        WHERE ?1 = '' OR name = ?1 ORDER BY name)sql"};
    Statement add{db, R"sql(
        INSERT INTO reward_model (name, created, fingerprint, backbone, head, data_hash, settings, metrics)
        VALUES (?1, iif(?2 = '', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?2), ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (name) DO NOTHING RETURNING id)sql"};
    Statement set_metrics{db, "UPDATE reward_model SET metrics = ?2 WHERE name = ?1 RETURNING id"};

    std::vector<RewardModelRow> read(std::string_view name) {
        std::vector<RewardModelRow> rows;
        models.bind(name);
        while (models.step()) {
            rows.push_back({.id = models.integer(0),
                            .name = models.text(1),
                            .created = models.text(2),
                            .fingerprint = models.text(3),
                            .backbone = models.text(4),
                            .head_json = models.text(5),
                            .data_hash = models.text(6),
                            .settings_json = models.text(7),
                            .metrics_json = models.text(8)});
        }
        db.check_unchanged();
        return rows;
    }
};

RewardStore::RewardStore(const Database& database) : impl_(std::make_unique<Impl>(database)) {}
RewardStore::~RewardStore() = default;
RewardStore::RewardStore(RewardStore&&) noexcept = default;

std::vector<RewardModelRow> RewardStore::models() const {
    return impl_->read("");
}

std::optional<RewardModelRow> RewardStore::find(std::string_view name) const {
    if (name.empty()) return std::nullopt;
    std::vector<RewardModelRow> rows = impl_->read(name);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

void RewardStore::add(const RewardModelRow& model) {
    Transaction transaction(impl_->db);
    impl_->add.bind(model.name, model.created, model.fingerprint, model.backbone, model.head_json, model.data_hash,
                    model.settings_json, model.metrics_json);
    if (!impl_->add.step())
        throw StoreError(fmt::format("{}: there is a reward model '{}' already", impl_->db.path(), model.name));
    impl_->add.run();
    transaction.commit();
}

void RewardStore::set_metrics(std::string_view name, const std::string& metrics_json) {
    Transaction transaction(impl_->db);
    if (!impl_->set_metrics.bind(name, metrics_json).step())
        throw StoreError(fmt::format("{}: there is no reward model '{}'", impl_->db.path(), name));
    impl_->set_metrics.run();
    transaction.commit();
}

}  // namespace harness::store
