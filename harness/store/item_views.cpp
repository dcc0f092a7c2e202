#include "harness/store/item_views.hpp"

#include <algorithm>

#include "harness/store/database.hpp"

namespace harness::store {
namespace {

constexpr std::size_t kTextBytes = std::size_t{1} << 20U;

}  // namespace

ItemViewFinder::ItemViewFinder(const Database& database, std::int64_t run_task)
    : database_(database), run_task_(run_task), buffer_(kTextBytes), texts_(buffer_.data(), buffer_.size()) {}

const ItemView& ItemViewFinder::at(std::uint64_t doc) {
    const ItemView* found = find_document(page_, doc);
    if (found == nullptr) {
        read_page(doc, page_size_.next(doc, last_document(page_)));
        found = find_document(page_, doc);
    }
    if (found == nullptr) throw no_such_document(database_, run_task_, doc);
    return *found;
}

void ItemViewFinder::read_page(std::uint64_t first_doc, std::uint64_t limit) {
    page_.clear();
    texts_.release();
    ItemRanges ranges;
    read_items_.bind(run_task_, first_doc, limit);
    while (read_items_.step()) {
        ranges.add(read_items_.integer(0), page_.size());
        page_.push_back(
            {.doc = read_items_.count(1), .error = keep(read_items_.view(2)), .requests = {}, .scores = {}});
    }
    ranges.sort();
    const std::vector<Rows> requests = read_requests(ranges);
    const std::vector<Rows> scores = read_scores(ranges);
    for (std::size_t item = 0; item < page_.size(); ++item) {
        page_[item].requests = std::span(requests_).subspan(requests[item].first, requests[item].count);
        page_[item].scores = std::span(scores_).subspan(scores[item].first, scores[item].count);
    }
    database_.check_unchanged();
}

std::vector<ItemViewFinder::Rows> ItemViewFinder::read_requests(const ItemRanges& ranges) {
    std::vector<Rows> rows(page_.size());
    requests_.clear();
    ranges.read(read_requests_, [&](std::size_t item) {
        if (rows[item].count++ == 0) rows[item].first = requests_.size();
        requests_.push_back({.kind = keep(read_requests_.view(1)),
                             .context = keep(read_requests_.view(2)),
                             .continuation = keep(read_requests_.view(3)),
                             .output = keep(read_requests_.view(4)),
                             .logprob = read_requests_.real(5)});
    });
    return rows;
}

std::vector<ItemViewFinder::Rows> ItemViewFinder::read_scores(const ItemRanges& ranges) {
    std::vector<Rows> rows(page_.size());
    scores_.clear();
    ranges.read(read_scores_, [&](std::size_t item) {
        if (rows[item].count++ == 0) rows[item].first = scores_.size();
        scores_.push_back({.metric = keep(read_scores_.view(1)), .value = read_scores_.optional_real(2)});
    });
    return rows;
}

std::string_view ItemViewFinder::keep(std::string_view text) {
    if (text.empty()) return {};
    auto* const kept = static_cast<char*>(texts_.allocate(text.size(), alignof(char)));
    std::copy(text.begin(), text.end(), kept);
    return {kept, text.size()};
}

}  // namespace harness::store
