#include "harness/results/jsonl_export.hpp"

#include <fmt/format.h>

#include <iterator>

#include "harness/base/base64.hpp"
#include "harness/base/json_append.hpp"
#include "harness/results/later_scores.hpp"
#include "harness/results/licence.hpp"
#include "harness/store/item_reader.hpp"
#include "harness/store/score_store.hpp"
#include "harness/store/transaction.hpp"
#include "suites/text.hpp"

namespace harness::results {
namespace {

/// Writes the line of an item. By hand, since a tree of JSON values for each of a million items takes longer than to
/// read them.
class ItemLine {
public:
    explicit ItemLine(std::string& line) : line_(line) {}

    void add(const std::string& task, const store::ItemRow& item, const LaterScorers& scorers) {
        line_ += "{\"task\":";
        base::append_json(line_, task);
        fmt::format_to(std::back_inserter(line_), ",\"doc\":{},\"requests\":[", item.doc);
        separate_next_ = false;
        for (const store::RequestRow& request : item.requests) {
            separate();
            add_request(request);
        }
        line_ += ']';
        begin_object("scores");
        for (const store::ScoreRow& score : item.scores) {
            add_key(score.metric);
            base::append_json(line_, score.value);
        }
        line_ += '}';
        add_explanations(item);
        add_later(item, scorers);
    }

    void add_member(std::string_view key, std::string_view value) {
        line_ += ',';
        base::append_json(line_, key);
        line_ += ':';
        base::append_json(line_, value);
    }

private:
    void separate() {
        if (separate_next_) line_ += ',';
        separate_next_ = true;
    }

    /// A key of the object that was begun.
    void add_key(std::string_view key) {
        separate();
        base::append_json(line_, key);
        line_ += ':';
    }

    void begin_object(std::string_view key) {
        line_ += ',';
        base::append_json(line_, key);
        line_ += ":{";
        separate_next_ = false;
    }

    void add_request(const store::RequestRow& request) {
        if (request.kind == "generate") {
            line_ += "{\"prompt\":";
            base::append_json(line_, request.context);
            add_member("output", request.output);
            // JSON cannot hold bytes that are not UTF-8: they become U+FFFD in "output".
            if (!suites::is_utf8(request.output)) add_member("output_base64", base::to_base64(request.output));
        } else {
            line_ += "{\"context\":";
            base::append_json(line_, request.context);
            add_member("continuation", request.continuation);
            line_ += ",\"logprob\":";
            base::append_json(line_, request.logprob);
            line_ += request.greedy ? ",\"greedy\":true" : ",\"greedy\":false";
        }
        line_ += '}';
    }

    void add_explanations(const store::ItemRow& item) {
        bool begun = false;
        for (const store::ScoreRow& score : item.scores) {
            if (score.explanation.empty()) continue;
            if (!begun) begin_object("explanations");
            begun = true;
            add_key(score.metric);
            base::append_json(line_, score.explanation);
        }
        if (begun) line_ += '}';
    }

    void add_later(const store::ItemRow& item, const LaterScorers& scorers) {
        if (item.later.empty()) return;
        const auto later = later_scores(item, scorers);
        if (later.empty()) return;
        begin_object("later_scores");
        for (const auto& [name, score] : later) {
            add_key(name);
            line_ += "{\"value\":";
            base::append_json(line_, score.value);
            add_member("explanation", score.explanation);
            line_ += '}';
        }
        line_ += '}';
    }

    std::string& line_;
    bool separate_next_ = false;
};

}  // namespace

void export_jsonl(const store::RunStore& runs, const store::RunRow& run,
                  const std::function<void(std::string_view)>& write) {
    const store::ReadTransaction one_moment(runs.database());
    const LaterScorers scorers(store::ScoreStore(runs.database()).scorers(run.id));
    const engine::Licence licence = run_licence(runs, run);
    std::string line;
    for (const store::RunTaskRow& task : runs.tasks(run.id)) {
        store::ItemReader items(runs, task.id);
        while (const store::ItemRow* item = items.next()) {
            line.clear();
            ItemLine writer(line);
            writer.add(task.task, *item, scorers);
            if (!item->error.empty()) writer.add_member("error", item->error);
            if (licence.is_llama2()) writer.add_member("licence", licence.name);
            line += "}\n";
            write(line);
        }
    }
}

}  // namespace harness::results
