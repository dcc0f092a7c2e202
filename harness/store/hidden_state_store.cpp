#include "harness/store/hidden_state_store.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "harness/base/sha256.hpp"
#include "harness/store/database.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {
namespace {

std::string key_of(std::span<const std::int32_t> tokens) {
    base::Sha256 sum;
    sum.add(std::as_bytes(tokens));
    return sum.hex();
}

std::string_view bytes_of(const std::vector<float>& state) {
    return {reinterpret_cast<const char*>(state.data()), state.size() * sizeof(float)};
}

}  // namespace

class HiddenStateStore::Impl {
public:
    explicit Impl(const Database& database) : db(database) {}

    const Database& db;
    Statement add_source{db, R"sql(
        INSERT INTO hidden_state_source (fingerprint, numerics, device, layer, pooling)
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING)sql"};
    Statement find_source{db, R"sql(
        SELECT id FROM hidden_state_source
        WHERE fingerprint = ?1 AND numerics = ?2 AND device = ?3 AND layer = ?4 AND pooling = ?5)sql"};
    Statement find{db, "SELECT state FROM hidden_state WHERE source = ?1 AND tokens = ?2"};
    Statement add{db, "INSERT OR REPLACE INTO hidden_state (source, tokens, state) VALUES (?1, ?2, ?3)"};
};

HiddenStateStore::HiddenStateStore(const Database& database) : impl_(std::make_unique<Impl>(database)) {}
HiddenStateStore::~HiddenStateStore() = default;
HiddenStateStore::HiddenStateStore(HiddenStateStore&&) noexcept = default;

std::int64_t HiddenStateStore::source(const HiddenStateSource& source) {
    const auto bound = [&source](Statement& statement) -> Statement& {
        return statement.bind(source.fingerprint, source.numerics, source.device, source.layer, source.pooling);
    };
    Transaction transaction(impl_->db);
    bound(impl_->add_source).run();
    const std::int64_t id = bound(impl_->find_source).run_for_integer().value();
    transaction.commit();
    return id;
}

std::optional<std::vector<float>> HiddenStateStore::find(std::int64_t source, std::span<const std::int32_t> tokens,
                                                         std::size_t dim) const {
    if (!impl_->find.bind(source, key_of(tokens)).step()) return std::nullopt;
    const std::string_view bytes = impl_->find.view(0);
    std::optional<std::vector<float>> state;
    if (bytes.size() == dim * sizeof(float)) {
        state.emplace(dim);
        std::memcpy(state->data(), bytes.data(), bytes.size());
        // Files come from anyone, and the engine gives finite states only.
        if (!std::all_of(state->begin(), state->end(), [](float value) { return std::isfinite(value); })) state.reset();
    }
    impl_->find.run();
    return state;
}

void HiddenStateStore::add(std::int64_t source, std::span<const std::vector<std::int32_t>> sequences,
                           std::span<const std::vector<float>> states) {
    if (sequences.size() != states.size()) throw std::logic_error("hidden states do not match their sequences");
    Transaction transaction(impl_->db);
    for (std::size_t i = 0; i < sequences.size(); ++i)
        impl_->add.bind(source, key_of(sequences[i]), Blob{bytes_of(states[i])}).run();
    transaction.commit();
}

}  // namespace harness::store
