// Documents -> items: templates, examples, requests.

#include <fmt/format.h>

#include <algorithm>

#include "suites/documents.hpp"
#include "suites/task_definition.hpp"
#include "suites/transforms/vader.hpp"
#include "suites/wikitext.hpp"

namespace suites {
namespace {

std::string compact(const Row& value) {
    return value.dump(-1, ' ', false, Row::error_handler_t::replace);
}

// A task file of a page can ask for any amount of text: fields of fields, a hundred long examples, a thousand samples.
constexpr std::size_t kMostOfRow = std::size_t{16} << 20;   // what a row's own fields add to it
constexpr std::size_t kMostOfItem = std::size_t{64} << 20;  // all requests of a document, or its examples
constexpr std::size_t kMostOfTask = std::size_t{4} << 30;

std::size_t size_of(const Item& item) {
    std::size_t bytes = item.document.size();
    for (const Request& request : item.requests) bytes += request.context.size() + request.continuation.size();
    return bytes;
}

/// One document under its task. Throws SuiteError with the reason alone.
class Renderer {
public:
    Renderer(const Task::Definition& task, Row row) : task_(task), row_(std::move(row)) {
        std::size_t added = 0;
        for (const auto& [name, form] : task_.fields) {
            std::string text = form.fill(row_);
            added += text.size();
            if (added > kMostOfRow) throw SuiteError("\"fields\" grow beyond 16 MiB together");
            row_[name] = std::move(text);
        }
    }

    /// As an example: question, answer, delimiter.
    std::string shot() const {
        std::string question = task_.shot_prompt.empty() ? "" : task_.shot_prompt.fill(row_);
        std::string answer = task_.shot_answer.empty() ? "" : task_.shot_answer.fill(row_);
        if (task_.kind == RequestKind::Choice && !task_.single) {
            const std::size_t choice_count = task_.prompts.size() > 1 ? task_.prompts.size() : choices().size();
            const std::size_t right = gold(choice_count).front();
            if (question.empty()) question = task_.prompts[task_.prompts.size() > 1 ? right : 0].fill(row_);
            if (answer.empty()) answer = task_.prompts.size() > 1 ? task_.continuation.fill(row_) : choices()[right];
        } else {
            if (question.empty()) question = task_.prompts[0].fill(row_);
            if (answer.empty()) answer = reference_answer();
        }
        return question + task_.target_delimiter + answer + task_.fewshot_delimiter;
    }

    Item item(const std::string& before) const {
        Item item;
        item.document = compact(row_);
        if (task_.kind == RequestKind::Rolling) {
            rolling(item);
        } else if (task_.kind == RequestKind::Generate) {
            generate(item, before);
        } else {
            choose(item, before);
        }
        return item;
    }

private:
    std::vector<std::string> choices() const {
        std::vector<std::string> texts;
        if (task_.choice_list) texts = task_.choice_list->texts(row_);
        for (const Template& form : task_.choice_forms) texts.push_back(form.fill(row_));
        if (texts.empty())
            throw SuiteError(fmt::format("\"{}\" is an empty list of choices", task_.choice_list->written()));
        return texts;
    }

    /// The indices of the right choices, ascending; one at least.
    std::vector<std::size_t> gold(std::size_t count) const {
        std::vector<std::size_t> right;
        if (task_.gold_mask) {
            const Row& mask = task_.gold_mask->value(row_);
            for (std::size_t i = 0; mask.is_array() && i < mask.size(); ++i) {
                if (mask[i] == 1 || mask[i] == true) right.push_back(i);
            }
            if (right.empty() || mask.size() != count) {
                throw SuiteError(fmt::format("\"{}\" does not mark {} choices with 0 and 1: {}",
                                             task_.gold_mask->written(), count, mask.dump()));
            }
            return right;
        }
        if (const auto* fixed = std::get_if<std::size_t>(&task_.gold)) {
            right = {*fixed};
        } else {
            const FieldPath& path = std::get<FieldPath>(task_.gold);
            const Row& key = path.value(row_);
            if (key.is_array()) {
                for (const Row& one : key) right.push_back(index_of(one, path, count));
                std::sort(right.begin(), right.end());
            } else {
                right = {index_of(key, path, count)};
            }
        }
        if (right.empty() || right.back() >= count)
            throw SuiteError(fmt::format("no choice is marked as right, or one beyond the {} there are", count));
        return right;
    }

    std::size_t index_of(const Row& key, const FieldPath& path, std::size_t count) const {
        std::size_t index = count;
        const auto* list = std::get_if<std::vector<std::string>>(&task_.gold_labels);
        const std::string shown = key.is_string() ? path.text(row_) : key.dump();
        if (list != nullptr && list->empty()) {
            if (key.is_number_integer() && key >= 0) index = key.get<std::size_t>();
        } else {
            const std::vector<std::string> labels =
                list != nullptr ? *list : std::get<FieldPath>(task_.gold_labels).texts(row_);
            index = static_cast<std::size_t>(std::find(labels.begin(), labels.end(), shown) - labels.begin());
        }
        if (index >= count) throw SuiteError(fmt::format("\"{}\" names no choice: {}", path.written(), shown));
        return index;
    }

    std::string reference_answer() const {
        if (task_.single) return task_.continuation.fill(row_);
        if (!task_.answer.empty()) return task_.answer.fill(row_);
        const std::vector<std::string> all =
            task_.references ? task_.references->texts(row_) : std::vector<std::string>{};
        if (all.empty()) throw SuiteError("the document has no answer to show as an example");
        return all.front();
    }

    void rolling(Item& item) const {
        std::string page = task_.prompts[0].fill(row_);
        item.words = count_words(page);
        item.bytes = page.size();
        if (task_.transform == "wikitext") page = wikitext_detokenize(std::move(page));
        item.requests.push_back({.kind = RequestKind::Rolling, .context = "", .continuation = std::move(page)});
    }

    /// Throws when so many requests of `bytes` each are too much.
    static void check_size(std::size_t requests, std::size_t bytes) {
        if (bytes > kMostOfItem || requests > kMostOfItem / std::max<std::size_t>(bytes, 1))
            throw SuiteError("the requests of one document come to more than 64 MiB of text");
    }

    static Request likelihood(std::string context, std::size_t question_bytes, std::string continuation,
                              std::size_t delimiter_bytes = 0) {
        return {.kind = RequestKind::Choice,
                .context = std::move(context),
                .continuation = std::move(continuation),
                .question_bytes = question_bytes,
                .delimiter_bytes = delimiter_bytes};
    }

    void choose(Item& item, const std::string& before) const {
        std::vector<std::string> questions;
        for (const Template& form : task_.prompts) questions.push_back(form.fill(row_));
        if (task_.single || questions.size() > 1) {
            const std::string text = task_.continuation.fill(row_);
            item.choices.assign(questions.size(), text);
        } else {
            item.choices = choices();
        }
        std::size_t longest = before.size();
        for (const std::string& one : questions) longest = std::max(longest, before.size() + one.size());
        check_size(item.choices.size(), longest);
        item.target = task_.single ? "0" : fmt::format("{}", fmt::join(gold(item.choices.size()), ","));
        // Of a single text the reference takes the delimiter for a part.
        const std::size_t delimiter_bytes = task_.single ? 0 : task_.target_delimiter.size();
        for (std::size_t i = 0; i < item.choices.size(); ++i) {
            const std::string& question = questions[questions.size() > 1 ? i : 0];
            item.requests.push_back(likelihood(before + question, question.size(),
                                               task_.target_delimiter + item.choices[i], delimiter_bytes));
        }
        if (!task_.calibration) return;
        for (const std::string& choice : item.choices) {
            item.requests.push_back(likelihood(*task_.calibration, task_.calibration->size(),
                                               task_.target_delimiter + choice, delimiter_bytes));
        }
    }

    void generate(Item& item, const std::string& before) const {
        const std::string question = task_.prompts[0].fill(row_);
        if (!task_.answer.empty()) item.target = task_.answer.fill(row_);
        if (task_.references) {
            item.references = task_.references->texts(row_);
            item.unanswerable = item.references.empty();
            item.target = item.references.size() == 1 ? item.references.front() : compact(item.references);
        }
        check_size(task_.repeats + task_.likelihoods.size(), before.size() + question.size());
        for (std::uint32_t sample = 0; sample < task_.repeats; ++sample) {
            item.requests.push_back({.kind = RequestKind::Generate,
                                     .context = before + question,
                                     .continuation = "",
                                     .until = task_.until,
                                     .max_tokens = task_.max_tokens,
                                     .question_bytes = question.size(),
                                     .sample = sample,
                                     .temperature = task_.temperature,
                                     .top_p = task_.top_p});
        }
        for (const std::string& text : task_.likelihoods)
            item.requests.push_back(likelihood(before + question, question.size(), text));
    }

    const Task::Definition& task_;
    Row row_;
};

/// The documents to render: all, or a sample spread evenly; then the first `limit` of those.
std::vector<std::size_t> chosen_documents(std::size_t count, const std::optional<std::size_t>& sample,
                                          const std::optional<std::size_t>& limit) {
    const std::size_t wanted = std::min(count, sample.value_or(count));
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < std::min(wanted, limit.value_or(wanted)); ++i)
        chosen.push_back((2 * i + 1) * count / (2 * wanted));
    return chosen;
}

}  // namespace

std::vector<Item> Task::render(const std::string& data_dir, const RenderOptions& options) const {
    const Definition& task = *definition_;
    const Documents documents = load_documents(task, task.test_files, data_dir);
    const std::vector<Row>& rows = documents.rows;
    const std::uint32_t shots = fewshot(options.fewshot);
    const bool same_split = task.examples.empty() && task.shot_files == task.test_files;
    std::vector<Row> pool = task.examples;
    if (shots > 0 && pool.empty()) {
        if (task.shot_files.empty())
            throw SuiteError(fmt::format("{}: the task has no examples; leave --fewshot out", task.name));
        pool = same_split ? rows : load_documents(task, task.shot_files, data_dir).rows;
    }
    const std::string preamble = load_preamble(task, data_dir);
    std::shared_ptr<const VaderLexicon> lexicon;
    if (!task.lexicon_file.empty()) lexicon = load_lexicon(task, data_dir);
    ExampleDraws draws(task, pool, same_split, shots, options.seed);
    std::map<std::size_t, std::string> rendered;  // examples already rendered, for those that many documents share
    const auto in_context = [&](const char* what, std::size_t index, auto&& work) {
        try {
            return work();
        } catch (const SuiteError& error) {
            throw SuiteError(fmt::format("{}: {} {}: {}", task.name, what, index, error.what()));
        }
    };
    const std::vector<std::size_t> chosen = chosen_documents(rows.size(), task.sample, options.limit);
    std::vector<Item> items;
    std::size_t bytes = 0;
    const auto count = [&](std::size_t more) {
        bytes += more;
        if (bytes > kMostOfTask)
            throw SuiteError(fmt::format("{}: the requests come to more than 4 GiB of text; take --limit", task.name));
    };
    std::size_t next_document = 0;
    for (const std::size_t doc : chosen) {
        // Passed-over documents draw too, so that a sample has the prompts of a whole run.
        for (; next_document < doc; ++next_document) draws.next(rows[next_document]);
        std::string before = preamble;
        for (const std::size_t index : draws.next(rows[next_document++])) {
            auto found = rendered.find(index);
            if (found == rendered.end()) {
                found = rendered
                            .emplace(index,
                                     in_context("example", index, [&] { return Renderer(task, pool[index]).shot(); }))
                            .first;
                count(found->second.size());
            }
            before += found->second;
            if (before.size() > kMostOfItem)
                throw SuiteError(
                    fmt::format("{}: document {}: its examples come to more than 64 MiB of text", task.name, doc));
        }
        items.push_back(in_context("document", doc, [&] { return Renderer(task, rows[doc]).item(before); }));
        items.back().doc = doc;
        count(size_of(items.back()));
        if (!documents.originals.empty()) items.back().original = documents.originals[doc];
        if (documents.originals.empty() && !task.fields.empty()) items.back().original = compact(rows[doc]);
        if (lexicon == nullptr) continue;
        items.back().grader = [lexicon](std::string_view text) { return vader_compound(text, *lexicon); };
        if (items.back().target.empty()) items.back().target = lexicon->identity();
    }
    return items;
}

}  // namespace suites
