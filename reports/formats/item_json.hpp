#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "reports/data/run.hpp"
#include "reports/sections/browsed_items.hpp"

namespace reports::formats {

/// Bytes beyond which a text of an item is shortened. 0 is no limit.
struct TextLimits {
    std::size_t differing = 0;  ///< for documents on which the runs differ, and for errors
    std::size_t other = 0;
};

/// Items as JSON for the page's script (templates/items.js reads it). Every text is `visible`.
struct ItemJson {
    /// {"runs": [{"name", "id", "look"}], "tasks": [{"name", "slug", "details", "metric", "harmful", "runs": [indices],
    /// "count", "beginning"}], "categories": [...], "problems": [...], "parts": [index of the first document of each
    /// part], "documents": [[doc, side, category, [verdict by run of the task], [problems]]]}. Documents are grouped by
    /// task. A verdict is "c" (correct), "w", "u" (unscored), "e" (error), "m" (missing) or the score between right and
    /// wrong. `beginning` is what all prompts of a task begin with, which the parts leave out.
    std::string index;
    /// Documents in the same order: [[prompt or null, expected, [run]]]. A run is 0 (it has no such document),
    /// 1 (not shown) or [own number or null, error, [[flags, answer, logprob, finish, cut, prompt or null]],
    /// [[score, value, explanation]]]; flags: 1 choice, 2 expected, 4 most likely. A shortened text is
    /// [kept, bytes left out]: prompts keep their end, others their beginning.
    std::vector<std::string> parts;
    std::size_t shortened = 0;  ///< number of shortened texts
};

ItemJson item_json(const std::vector<sections::BrowsedTask>& tasks, const std::vector<data::RunView>& runs,
                   const TextLimits& limits);

/// Bytes of the texts of all items after shortening, without the beginnings that prompts share.
std::size_t text_bytes(const std::vector<sections::BrowsedTask>& tasks, const TextLimits& limits);

/// What all prompts of a task begin with, up to an empty line: the same few-shot examples, say. Empty where it is short
/// or nothing is shared.
std::string_view shared_beginning(const sections::BrowsedTask& task);

}  // namespace reports::formats
