#include "suites/rendering/gold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>

#include "suites/data/json_text.hpp"

namespace suites::rendering {
namespace {

using definition::FieldPath;
using definition::Gold;

std::string shown(const Row& value) {
    return data::in_message(row_text(value));
}

std::vector<std::size_t> marked(const FieldPath& path, const Row& row, std::size_t count) {
    const Row& mask = path.value(row);
    if (!mask.is_array() || mask.size() != count)
        throw SuiteError(fmt::format("\"{}\" is not a list of {} marks, one for each choice: {}", path.written(), count,
                                     shown(mask)));
    std::vector<std::size_t> correct;
    for (std::size_t i = 0; i < count; ++i) {
        const bool yes = mask[i] == 1 || mask[i] == true;
        if (!yes && mask[i] != 0 && mask[i] != false)
            throw SuiteError(
                fmt::format("\"{}\" marks choices with 0 and 1; element {} is {}", path.written(), i, shown(mask[i])));
        if (yes) correct.push_back(i);
    }
    if (correct.empty()) throw SuiteError(fmt::format("\"{}\" marks no choice as correct", path.written()));
    return correct;
}

/// Labels of the choices, for lookup.
class Labels {
public:
    Labels(const Gold& gold, const Row& row, std::size_t count) : count_(count) {
        if (const auto* fixed = std::get_if<std::vector<std::string>>(&gold.labels)) {
            labels_ = *fixed;
        } else if (const auto* path = std::get_if<FieldPath>(&gold.labels)) {
            labels_ = path->texts(row);
            if (labels_.size() != count)
                throw SuiteError(
                    fmt::format("\"{}\" has {} labels for {} choices", path->written(), labels_.size(), count));
        } else {
            by_index_ = true;
        }
        for (std::size_t i = 0; i < labels_.size(); ++i) {
            if (!positions_.emplace(labels_[i], i).second) positions_[labels_[i]] = kAmbiguous;
        }
    }

    std::size_t index_of(const Row& key, const FieldPath& path) const {
        const std::size_t index = by_index_ ? number(key, path) : named(key, path);
        if (index >= count_)
            throw SuiteError(fmt::format("\"{}\" names no choice: {}, and there are {} choices", path.written(),
                                         shown(key), count_));
        return index;
    }

private:
    static constexpr std::size_t kAmbiguous = static_cast<std::size_t>(-1);

    std::size_t number(const Row& key, const FieldPath& path) const {
        if (!key.is_number_integer() || key < 0)
            throw SuiteError(fmt::format("\"{}\" names no choice: {} is not an index from 0 to {}", path.written(),
                                         shown(key), count_ - 1));
        return key.get<std::size_t>();
    }

    std::size_t named(const Row& key, const FieldPath& path) const {
        const auto found = positions_.find(path.text_of(key));
        if (found == positions_.end())
            throw SuiteError(fmt::format("\"{}\" names no choice: {} is not one of the labels {}", path.written(),
                                         shown(key), data::in_message(fmt::format("{}", fmt::join(labels_, ", ")))));
        if (found->second == kAmbiguous)
            throw SuiteError(
                fmt::format("\"{}\" names two choices: {} is a duplicate label", path.written(), shown(key)));
        return found->second;
    }

    std::size_t count_;
    bool by_index_ = false;
    std::vector<std::string> labels_;
    std::unordered_map<std::string, std::size_t> positions_;
};

}  // namespace

std::vector<std::size_t> correct_choices(const Gold& gold, const Row& row, std::size_t count) {
    if (gold.mask) return marked(*gold.mask, row, count);
    if (const auto* fixed = std::get_if<std::size_t>(&gold.answer)) {
        if (*fixed >= count)
            throw SuiteError(fmt::format("\"gold\" is {}, and there are {} choices, numbered from 0", *fixed, count));
        return {*fixed};
    }
    const auto& path = std::get<FieldPath>(gold.answer);
    const Row& key = path.value(row);
    const Labels labels(gold, row, count);
    if (!key.is_array()) return {labels.index_of(key, path)};
    std::vector<std::size_t> correct;
    for (const Row& one : key) correct.push_back(labels.index_of(one, path));
    if (correct.empty())
        throw SuiteError(fmt::format("\"{}\" is an empty list, so no choice is correct", path.written()));
    std::sort(correct.begin(), correct.end());
    correct.erase(std::unique(correct.begin(), correct.end()), correct.end());
    return correct;
}

}  // namespace suites::rendering
