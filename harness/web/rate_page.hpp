#pragma once

#include <string>

#include "harness/study/page.hpp"
#include "harness/study/protocol.hpp"
#include "harness/web/pages.hpp"

namespace harness::web {

enum class TextView { Formatted, AsWritten };

/// What the page of an item is made from.
struct RateView {
    study::ShownItem item;
    study::Progress progress = {};
    bool can_undo = false;
    study::Protocol protocol = study::Protocol::Pairwise;
    std::string question = {};
    std::string csrf = {};
    std::string mistake = {};  ///< why a submission was not taken; empty: it is the first time
    TextView texts = TextView::Formatted;
    store::UnixMs now = 0;
};

/// An item with its scale. Nothing in it depends on who wrote an answer but the answers' own texts.
Response rate_page(Pages& pages, const RateView& view);

/// The page of every state without an item: waiting, a break, the end.
Response state_page(Pages& pages, const study::Page& page, const std::string& csrf, store::UnixMs now);

/// Shown after a practice item.
Response feedback_page(Pages& pages, const study::Feedback& feedback);

/// The rater's own answers of this session, to be changed; the last first.
Response history_page(Pages& pages, const std::vector<std::string>& items, std::size_t done);

/// Where a session begins. `token` is that of the link, empty when the page's script or the rater fills it in.
Response start_page(Pages& pages, study::Protocol protocol, const std::string& token);

}  // namespace harness::web
