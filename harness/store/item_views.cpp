#include "harness/store/item_views.hpp"

#include <algorithm>
#include <utility>

#include "harness/store/database.hpp"
#include "harness/store/item_ranges.hpp"

namespace harness::store {
namespace {

constexpr std::size_t kTextBytes = std::size_t{1} << 20U;

/// Replaces `views` by what `make` makes of each row of the items, and gives each item the span of its own.
template <class View, class Make>
void read_views(Statement& rows, const ItemRanges& ranges, std::vector<ItemView>& items,
                std::span<const View> ItemView::*own, std::vector<View>& views, const Make& make) {
    std::vector<std::pair<std::size_t, std::size_t>> places(items.size());  // first and count, while `views` may move
    views.clear();
    ranges.read(rows, [&](std::size_t item) {
        auto& [first, count] = places[item];
        if (count++ == 0) first = views.size();
        views.push_back(make());
    });
    for (std::size_t item = 0; item < items.size(); ++item)
        items[item].*own = std::span(views).subspan(places[item].first, places[item].second);
}

}  // namespace

ItemViewFinder::ItemViewFinder(const Database& database, std::int64_t run_task)
    : database_(database),
      run_task_(run_task),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(kTextBytes)),
      texts_(buffer_.get(), kTextBytes) {}

const ItemView& ItemViewFinder::at(std::uint64_t doc) {
    const ItemView* found = page_.find(doc, [this](std::vector<ItemView>& items, std::uint64_t first,
                                                   std::uint64_t limit) { read_page(items, first, limit); });
    if (found == nullptr) throw no_such_document(database_, run_task_, doc);
    return *found;
}

void ItemViewFinder::read_page(std::vector<ItemView>& items, std::uint64_t first_doc, std::uint64_t limit) {
    items.clear();
    texts_.release();
    ItemRanges ranges;
    read_items_.bind(run_task_, first_doc, limit);
    while (read_items_.step()) {
        ranges.add(read_items_.integer(0), items.size());
        items.push_back(
            {.doc = read_items_.count(1), .error = keep(read_items_.view(2)), .requests = {}, .scores = {}});
    }
    ranges.sort();
    read_views(read_requests_, ranges, items, &ItemView::requests, requests_, [this] {
        return RequestView{.kind = keep(read_requests_.view(1)),
                           .context = keep(read_requests_.view(2)),
                           .continuation = keep(read_requests_.view(3)),
                           .output = keep(read_requests_.view(4)),
                           .logprob = read_requests_.real(5)};
    });
    read_views(read_scores_, ranges, items, &ItemView::scores, scores_, [this] {
        return ScoreView{.metric = keep(read_scores_.view(1)), .value = read_scores_.optional_real(2)};
    });
    database_.check_unchanged();
}

std::string_view ItemViewFinder::keep(std::string_view text) {
    if (text.empty()) return {};
    auto* const kept = static_cast<char*>(texts_.allocate(text.size(), alignof(char)));
    std::copy(text.begin(), text.end(), kept);
    return {kept, text.size()};
}

}  // namespace harness::store
