#include "reports/sections/pairing.hpp"

#include <unordered_map>
#include <utility>

namespace reports::sections {
namespace {

using Keys = std::vector<std::uint64_t>;

constexpr std::size_t kUnpaired = static_cast<std::size_t>(-1);

/// If both have the same keys in the same order, each key takes the one at its own index.
Pairing pair_all(Pairing::By by, std::size_t count) {
    Pairing pairing{.by = by, .pairs = {}, .only_a = {}, .only_b = {}};
    pairing.pairs.reserve(count);
    for (std::size_t i = 0; i < count; ++i) pairing.pairs.emplace_back(i, i);
    return pairing;
}

Pairing pair_by(Pairing::By by, const Keys& a, const Keys& b) {
    if (a == b) return pair_all(by, a.size());
    // Each key in a takes the first unused equal key in b.
    std::unordered_map<std::uint64_t, std::size_t> first;
    std::vector<std::size_t> following(b.size(), kUnpaired);
    for (std::size_t i = b.size(); i-- > 0;) {
        const auto [found, fresh] = first.try_emplace(b[i], i);
        if (!fresh) following[i] = std::exchange(found->second, i);
    }
    Pairing pairing{.by = by, .pairs = {}, .only_a = {}, .only_b = {}};
    std::vector<bool> taken(b.size(), false);
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto found = first.find(a[i]);
        if (found == first.end() || found->second == kUnpaired) {
            pairing.only_a.push_back(i);
            continue;
        }
        const std::size_t partner = found->second;
        found->second = following[partner];
        taken[partner] = true;
        pairing.pairs.emplace_back(i, partner);
    }
    for (std::size_t i = 0; i < b.size(); ++i) {
        if (!taken[i]) pairing.only_b.push_back(i);
    }
    return pairing;
}

bool known(const data::Documents& documents, const Keys& keys) {
    return keys.size() == documents.numbers.size();
}

}  // namespace

Pairing pair_documents(const data::Documents& a, const data::Documents& b) {
    if (!known(a, a.contents) || !known(b, b.contents)) return pair_by(Pairing::By::Number, a.numbers, b.numbers);
    if (a.imported == b.imported) return pair_by(Pairing::By::Content, a.contents, b.contents);
    Pairing by_row = pair_by(Pairing::By::Row, a.rows, b.rows);
    return by_row.pairs.empty() ? pair_by(Pairing::By::Number, a.numbers, b.numbers) : by_row;
}

}  // namespace reports::sections
