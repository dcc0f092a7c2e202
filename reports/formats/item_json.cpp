#include "reports/formats/item_json.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>

#include "reports/formats/item_facts.hpp"
#include "reports/formats/short_text.hpp"
#include "reports/sections/cells.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

using nlohmann::json;
using sections::BrowsedDocument;
using sections::BrowsedItem;
using sections::BrowsedTask;
using Verdict = sections::Judged::Verdict;

std::size_t limit_of(const BrowsedDocument& document, const TextLimits& limits) {
    const sections::Interest interest = document.interest();
    const bool matters = interest == sections::Interest::Differs || interest == sections::Interest::Error;
    return matters ? limits.differing : limits.other;
}

/// Calls `visit(prompt)` for every prompt of a task's items.
template <class Visit>
void for_prompts(const BrowsedTask& task, const Visit& visit) {
    for (const BrowsedDocument& document : task.documents) {
        for (const BrowsedItem& browsed : document.items) {
            if (browsed.item == nullptr) continue;
            for (const data::Exchange& exchange : browsed.item->exchanges) visit(std::string_view(exchange.prompt));
        }
    }
}

json verdict_json(const sections::Judged& judged) {
    switch (judged.verdict) {
        case Verdict::Correct: return "c";
        case Verdict::Wrong: return "w";
        case Verdict::Partial:
            return std::isfinite(*judged.score) ? json(*judged.score) : json("u");  // JSON has no NaN
        case Verdict::Unscored: return "u";
        case Verdict::Error: return "e";
        case Verdict::Missing: break;
    }
    return "m";
}

/// Texts that many documents have, each stored once.
class Numbered {
public:
    std::size_t number(const std::string& text) {
        const auto [found, fresh] = numbers_.try_emplace(text, texts_.size());
        if (fresh) texts_.push_back(text);
        return found->second;
    }
    const json& texts() const { return texts_; }

private:
    std::map<std::string, std::size_t> numbers_;
    json texts_ = json::array();
};

std::string line(std::string_view text) {
    return text::visible(text, text::Lines::Escape);
}

/// The texts of documents, shortened.
class Texts {
public:
    /// Sets what is left out of the prompts of the documents that follow, and returns it as text.
    json begin(std::string_view beginning) {
        limit_ = kMaxBeginning;
        beginning_ = beginning.size();
        return text(beginning);
    }

    json document(const BrowsedDocument& document, std::size_t limit) {
        limit_ = limit;
        const std::string* prompt = document.shared_prompt();
        json runs = json::array();
        for (const BrowsedItem& browsed : document.items) {
            if (browsed.item == nullptr) {
                runs.push_back(browsed.exists ? 1 : 0);
            } else {
                runs.push_back(run(*browsed.item, document, prompt == nullptr));
            }
        }
        const data::ItemView& first = document.first_item();
        return json::array(
            {prompt == nullptr ? json() : this->prompt(*prompt), text(expected_text(first)), std::move(runs)});
    }

    json text(std::string_view whole, Keep keep = Keep::Beginning) {
        const ShortText kept = short_text(whole, limit_, keep);
        json shown = text::visible(kept.kept, text::Lines::Keep);
        if (kept.left_out == 0) return shown;
        ++shortened_;
        return json::array({std::move(shown), kept.left_out});
    }

    std::size_t shortened_count() const { return shortened_; }

private:
    static constexpr std::size_t kMaxBeginning = 20000;

    json prompt(std::string_view whole) { return text(whole.substr(std::min(beginning_, whole.size())), Keep::End); }

    json run(const data::ItemView& item, const BrowsedDocument& document, bool with_prompts) {
        json exchanges = json::array();
        for (std::size_t i = 0; i < item.exchanges.size(); ++i) {
            const data::Exchange& exchange = item.exchanges[i];
            const int flags = (exchange.kind == "choice" ? 1 : 0) + (sections::is_target(item, i) ? 2 : 0) +
                              (is_most_likely(item, i) ? 4 : 0);
            const std::string logprob = exchange.logprob ? sections::number(exchange.logprob) : "";
            exchanges.push_back(
                json::array({flags, text(exchange.answer), logprob, text(finish_text(exchange.finish)),
                             cut_text(exchange.cut_tokens), with_prompts ? prompt(exchange.prompt) : json()}));
        }
        json scores = json::array();
        for (const auto& [name, score] : item.scores)
            scores.push_back(json::array({line(name), score_text(score), text(score.explanation)}));
        return json::array({item.doc == document.doc ? json() : json(item.doc), text(item.error), std::move(exchanges),
                            std::move(scores)});
    }

    std::size_t limit_ = 0;
    std::size_t beginning_ = 0;
    std::size_t shortened_ = 0;
};

json runs_json(const std::vector<data::RunView>& runs) {
    constexpr std::size_t kLooks = 6;  // as set_run_looks
    json list = json::array();
    for (std::size_t i = 0; i < runs.size(); ++i)
        list.push_back({{"name", line(sections::run_name(runs[i]))}, {"id", runs[i].id}, {"look", i % kLooks}});
    return list;
}

json task_json(const BrowsedTask& task, Texts& texts, std::set<std::string>& slugs) {
    const std::string name = line(task.tasks.front()->task);
    std::string slug = name;
    for (int same = 2; !slugs.insert(slug).second; ++same) slug = name + "~" + std::to_string(same);
    const bool harmful = std::any_of(task.tasks.begin(), task.tasks.end(),
                                     [](const data::TaskView* view) { return view->has_harmful_text; });
    return {{"name", name},
            {"slug", slug},
            {"details", line(task_text(task))},
            {"metric", line(task.metric == nullptr ? "" : task.metric->name)},
            {"harmful", harmful},
            {"runs", task.runs},
            {"count", task.documents.size()},
            {"beginning", texts.begin(shared_beginning(task))}};
}

json index_entry(const BrowsedTask& task, const BrowsedDocument& document, Numbered& categories, Numbered& problems) {
    json verdicts = json::array();
    std::set<std::size_t> found;
    for (std::size_t i = 0; i < document.items.size(); ++i) {
        verdicts.push_back(verdict_json(document.items[i].judged));
        for (const std::string& problem : sections::problems_of(document.items[i], *task.tasks[i]))
            found.insert(problems.number(text::shortened(problem, 120)));
    }
    const std::size_t category = categories.number(line(document.first_item().category));
    return json::array({document.doc, document.side, category, std::move(verdicts), found});
}

/// Joins documents to parts of a size that is quick to unpack and large enough to compress well.
class Parts {
public:
    void add(const std::string& document) {
        constexpr std::size_t kMaxDocuments = 400;
        constexpr std::size_t kMaxBytes = 600'000;
        const bool full = !open_.empty() && (in_part_ == kMaxDocuments || open_.size() + document.size() > kMaxBytes);
        if (full) close();
        if (open_.empty()) first_.push_back(count_);
        open_ += (open_.empty() ? "[" : ",") + document;
        ++in_part_;
        ++count_;
    }
    void close() {
        if (open_.empty()) return;
        parts_.push_back(open_ + "]");
        open_.clear();
        in_part_ = 0;
    }
    const std::vector<std::size_t>& first_documents() const { return first_; }
    std::vector<std::string> take() { return std::move(parts_); }

private:
    std::vector<std::string> parts_;
    std::vector<std::size_t> first_;
    std::string open_;
    std::size_t in_part_ = 0;
    std::size_t count_ = 0;
};

}  // namespace

std::string_view shared_beginning(const BrowsedTask& task) {
    constexpr std::size_t kWorthwhile = 200;  // bytes
    if (task.documents.size() < 2) return "";
    std::optional<std::string_view> common;
    for_prompts(task, [&common](std::string_view prompt) {
        std::string_view& shared = common ? *common : common.emplace(prompt);
        const auto parts = std::mismatch(shared.begin(), shared.end(), prompt.begin(), prompt.end());
        shared = shared.substr(0, static_cast<std::size_t>(parts.first - shared.begin()));
    });
    std::string_view shared = common.value_or("");
    const std::size_t blank = shared.rfind("\n\n");
    shared = shared.substr(0, blank == std::string_view::npos ? 0 : blank + 2);
    return shared.size() < kWorthwhile ? "" : shared;
}

std::size_t text_bytes(const std::vector<BrowsedTask>& tasks, const TextLimits& limits) {
    std::size_t bytes = 0;
    for (const BrowsedTask& task : tasks) {
        const std::size_t beginning = shared_beginning(task).size();
        for (const BrowsedDocument& document : task.documents) {
            const std::size_t limit = limit_of(document, limits);
            const auto add = [&bytes, limit](std::size_t size) { bytes += limit == 0 ? size : std::min(size, limit); };
            const std::string* prompt = document.shared_prompt();
            if (prompt != nullptr) add(prompt->size() - beginning);
            for (const BrowsedItem& browsed : document.items) {
                if (browsed.item == nullptr) continue;
                for (const data::Exchange& exchange : browsed.item->exchanges) {
                    add(exchange.answer.size());
                    if (prompt == nullptr) add(exchange.prompt.size() - beginning);
                }
            }
        }
    }
    return bytes;
}

ItemJson item_json(const std::vector<BrowsedTask>& tasks, const std::vector<data::RunView>& runs,
                   const TextLimits& limits) {
    Texts texts;
    Parts parts;
    Numbered categories;
    Numbered problems;
    std::set<std::string> slugs;
    json task_list = json::array();
    json documents = json::array();
    for (const BrowsedTask& task : tasks) {
        task_list.push_back(task_json(task, texts, slugs));
        for (const BrowsedDocument& document : task.documents) {
            documents.push_back(index_entry(task, document, categories, problems));
            parts.add(texts.document(document, limit_of(document, limits)).dump());
        }
    }
    parts.close();
    const json index = {{"runs", runs_json(runs)},          {"tasks", task_list},
                        {"categories", categories.texts()}, {"problems", problems.texts()},
                        {"parts", parts.first_documents()}, {"documents", documents}};
    return {.index = index.dump(), .parts = parts.take(), .shortened = texts.shortened_count()};
}

}  // namespace reports::formats
