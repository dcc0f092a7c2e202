#include "harness/results/document_hashes.hpp"

#include <xxhash.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>

#include "harness/results/documents.hpp"
#include "harness/store/document_reader.hpp"

namespace harness::results {
namespace {

bool is_same(const reports::data::Documents& a, const reports::data::Documents& b) {
    return a.rows == b.rows && a.contents == b.contents;
}

/// Hashes of the documents themselves. `first` has both: a document whose stored text equals that of the same number
/// there has the same hashes.
class ParsedHashes {
public:
    ParsedHashes(const store::RunStore& runs, const TaskDocuments& first) : runs_(runs), stored_(*first.documents) {
        take(first, nullptr);
        first_ = *first.documents;
    }

    void take(const TaskDocuments& task) { take(task, &first_); }

private:
    void take(const TaskDocuments& task, const reports::data::Documents* known) {
        reports::data::Documents& documents = *task.documents;
        std::size_t item = 0;
        store::DocumentReader(runs_.database()).read(task.run_task, [&](const store::DocumentView& row) {
            const std::optional<std::size_t> equal = known == nullptr ? std::nullopt : index_in_first(documents, item);
            if (known != nullptr && equal) {
                documents.rows[item] = known->rows[*equal];
                documents.contents[item] = known->contents[*equal];
            } else {
                const DocumentHash hash = document_hash(row.document_json, row.target);
                documents.rows[item] = hash.row;
                documents.contents[item] = hash.content;
            }
            ++item;
        });
    }

    /// The index of the same text with the same number in the first run.
    std::optional<std::size_t> index_in_first(const reports::data::Documents& documents, std::size_t item) const {
        const auto found = std::lower_bound(stored_.numbers.begin(), stored_.numbers.end(), documents.numbers[item]);
        const auto index = static_cast<std::size_t>(found - stored_.numbers.begin());
        const bool is_equal = found != stored_.numbers.end() && *found == documents.numbers[item] &&
                              stored_.rows[index] == documents.rows[item] &&
                              stored_.contents[index] == documents.contents[item];
        return is_equal ? std::optional(index) : std::nullopt;
    }

    const store::RunStore& runs_;
    reports::data::Documents stored_;  ///< the first run's, with the hashes of its stored text
    reports::data::Documents first_;   ///< with those of its documents
};

}  // namespace

// XXH3 and not SHA-256: a run has gigabytes.
store::UseDocument stored_text_hashes(reports::data::Documents& documents) {
    return [&documents](const store::DocumentView& item) {
        const std::uint64_t row = XXH3_64bits(item.document_json.data(), item.document_json.size());
        documents.rows.push_back(row);
        // The row's hash as the seed tells where the row ends and the answer begins.
        documents.contents.push_back(XXH3_64bits_withSeed(item.target.data(), item.target.size(), row));
    };
}

// If all runs have the same texts in the same order, which is the usual case, equal documents are the same pairs
// whether or not the texts are parsed: the i-th of one run with the i-th of another. Parsing a million documents takes
// longer than everything else in a report.
void make_hashes_comparable(const store::RunStore& runs, const std::vector<TaskDocuments>& tasks) {
    const bool all_same = std::all_of(tasks.begin(), tasks.end(), [&tasks](const TaskDocuments& task) {
        return is_same(*tasks.front().documents, *task.documents);
    });
    if (all_same) return;
    ParsedHashes parsed(runs, tasks.front());
    for (auto other = std::next(tasks.begin()); other != tasks.end(); ++other) parsed.take(*other);
}

void make_hashes_comparable(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                            std::vector<reports::data::RunView>& views) {
    std::map<std::string, std::vector<TaskDocuments>> tasks;
    for (std::size_t run = 0; run < rows.size(); ++run) {
        const std::vector<store::RunTaskRow> of_run = runs.tasks(rows[run].id);
        for (std::size_t task = 0; task < of_run.size(); ++task)
            tasks[of_run[task].task].push_back({of_run[task].id, &views.at(run).tasks.at(task).docs});
    }
    for (const auto& [name, same] : tasks) {
        if (same.size() > 1) make_hashes_comparable(runs, same);
    }
}

}  // namespace harness::results
