#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/interchange/outputs_rows.hpp"
#include "suites/task.hpp"

namespace harness::interchange {

/// Rows without a document that the result of an import names.
constexpr std::size_t kShownUnmatched = 5;

/// What a document is called in files of outputs: its own "id", else its number.
std::string document_id(std::string_view document_json, std::uint64_t doc);

/// The documents that a row may be the answer to.
struct DocumentMatch {
    std::vector<std::size_t> documents;  ///< places in the list of items, ascending; several have one prompt or id
    std::string reason = {};             ///< why there is none
};

/// The documents of a task by what an outputs file may tell of them.
class OutputDocuments {
public:
    /// The items must outlive it; each asks for a generation first.
    explicit OutputDocuments(const std::vector<suites::Item>& items);

    /// By the text of the prompt where the row has one: its turns; else all turns joined, or the last turn where no
    /// other document has it. The id decides between documents of one text, where there is no text, and where the text
    /// is the prompt in some model's own format.
    DocumentMatch find(const OutputRow& row) const;

private:
    using Places = std::map<std::string, std::vector<std::size_t>, std::less<>>;

    std::vector<std::size_t> with_text(const OutputRow& row) const;
    /// Whether the row's prompt holds the last turn of the document, as a prompt with chat marks around it does.
    bool holds_last_turn(const OutputRow& row, std::size_t document) const;

    const std::vector<suites::Item>& items_;
    Places by_id_;
    Places by_turns_;
    Places by_text_;
    Places by_last_turn_;
};

/// The turns of a document's prompt.
const std::vector<suites::Message>& turns_of(const suites::Item& item);

}  // namespace harness::interchange
