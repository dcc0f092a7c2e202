// Renders documents as items: few-shot examples, prompts, requests.

#include "suites/rendering/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <type_traits>

#include "suites/data/documents.hpp"
#include "suites/data/rows.hpp"
#include "suites/rendering/renderer.hpp"

namespace suites::rendering {
namespace {

constexpr std::size_t kMaxExampleBytes = std::size_t{64} << 20;  // few-shot examples of one document
constexpr std::size_t kMaxTaskBytes = std::size_t{4} << 30;

std::size_t size_of(const Item& item) {
    std::size_t bytes = item.document.size();
    for (const Request& request : item.requests) {
        if (const Prompt* prompt = prompt_of(request)) {
            for (const Message& turn : prompt->turns) bytes += turn.content.size();
        }
        bytes += scored_text(request).size();
    }
    return bytes;
}

/// Indices of the documents to render: all, or an evenly spread sample, but at most the first `limit` of them.
std::vector<std::size_t> chosen_documents(std::size_t count, const std::optional<std::size_t>& sample,
                                          const std::optional<std::size_t>& limit) {
    const std::size_t wanted = std::min(count, sample.value_or(count));
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < std::min(wanted, limit.value_or(wanted)); ++i)
        chosen.push_back((2 * i + 1) * count / (2 * wanted));
    return chosen;
}

std::string load_preamble(const Task::Definition& task, const data::Folders& folders) {
    if (task.data.preamble.empty()) return task.fewshot.preamble;
    if (const auto path = data::find_file(folders, task.data.preamble)) return read_text(*path);
    data::fail_missing(task.name, folders, {task.data.preamble});
}

/// Renders a task's documents with its pool of few-shot examples.
class Rendering {
public:
    Rendering(const Task& task, const DataFolders& folders, const Task::RenderOptions& options)
        : task_(task.parsed()),
          options_(options),
          documents_(data::load_documents(task_.data.split, task_.data.test, folders.paths())),
          preamble_(load_preamble(task_, folders.paths())),
          grader_data_(task.prepare_grader(folders).data) {
        const std::uint32_t shots = task.fewshot(options.fewshot);
        same_split_ = task_.fewshot.rows.empty() && task_.data.shots == task_.data.test;
        pool_.rows = task_.fewshot.rows;
        pool_.file = "examples";
        if (shots > 0 && pool_.rows.empty()) {
            if (task_.data.shots.empty())
                throw SuiteError(fmt::format("{}: the task has no few-shot examples; leave --fewshot out", task_.name));
            pool_ =
                same_split_ ? documents_ : data::load_documents(task_.data.split, task_.data.shots, folders.paths());
        }
        sampling_ = {.task = task_.name,
                     .shots = shots,
                     .seed = options.seed,
                     .sampler = task_.fewshot.sampler,
                     .same_split = same_split_,
                     .extra_draw = task_.fewshot.extra_draw};
    }

    /// Calls `take` with every item, or `complain` with the error of a document.
    void render(const std::function<void(Item)>& take, const std::function<void(const SuiteError&)>& complain) {
        data::ExampleDraws draws(sampling_, pool_.rows);
        std::size_t next_document = 0;
        for (const std::size_t doc : chosen_documents(documents_.rows.size(), task_.data.sample, options_.limit)) {
            // Few-shot examples are also sampled for skipped documents, so that a sample has the same prompts as a
            // whole run.
            for (; next_document < doc; ++next_document) draws.next(documents_.rows[next_document]);
            const std::vector<std::size_t> examples = draws.next(documents_.rows[next_document++]);
            try {
                take(item(doc, examples));
            } catch (const SuiteError& error) {
                complain(error);
            }
        }
    }

private:
    Item item(std::size_t doc, const std::vector<std::size_t>& examples) {
        std::string before = preamble_;
        for (const std::size_t index : examples) {
            before += example(index);
            if (before.size() > kMaxExampleBytes)
                throw SuiteError(fmt::format("{}: document {}: its few-shot examples have more than 64 MiB of text",
                                             task_.name, doc));
        }
        Item item =
            in_row("document", documents_, doc, [&] { return Renderer(task_, documents_.rows[doc]).item(before); });
        check_cluster(doc);
        item.doc = doc;
        count(size_of(item));
        if (!documents_.originals.empty()) {
            item.original = documents_.originals[doc];
        } else if (!task_.fields.empty()) {
            item.original = row_text(documents_.rows[doc]);
        }
        if (item.correct.empty() && item.reference.empty()) item.reference = grader_data_;
        return item;
    }

    /// Throws where the row lacks a field that its cluster needs: reports find the cluster from the stored document.
    void check_cluster(std::size_t doc) const {
        if (!task_.cluster) return;
        in_row("cluster of document", documents_, doc,
               [&] { return task_.cluster->value.fill(documents_.rows[doc]).size(); });
    }

    /// A rendered few-shot example; rendered once, because many documents may use it.
    const std::string& example(std::size_t index) {
        const auto known = examples_.find(index);
        if (known != examples_.end()) return known->second;
        std::string text =
            in_row("example", pool_, index, [&] { return Renderer(task_, pool_.rows[index]).example(); });
        count(text.size());
        return examples_.emplace(index, std::move(text)).first->second;
    }

    template <class Work>
    std::invoke_result_t<Work> in_row(const char* what, const data::Documents& of, std::size_t index,
                                      const Work& work) const {
        try {
            return work();
        } catch (const SuiteError& error) {
            // Examples in the task file have no row number.
            const std::string row =
                index < of.row_numbers.size() ? fmt::format("{}: row {}: ", of.file, of.row_numbers[index]) : "";
            throw SuiteError(fmt::format("{}: {}{} {}: {}", task_.name, row, what, index, error.what()));
        }
    }

    void count(std::size_t more) {
        bytes_ += more;
        if (bytes_ > kMaxTaskBytes)
            throw SuiteError(fmt::format("{}: the requests have more than 4 GiB of text; use --limit", task_.name));
    }

    const Task::Definition& task_;
    const Task::RenderOptions& options_;
    data::Documents documents_;
    std::string preamble_;
    std::string grader_data_;
    data::Documents pool_;
    data::Sampling sampling_;
    bool same_split_ = false;
    std::map<std::size_t, std::string> examples_;
    std::size_t bytes_ = 0;
};

}  // namespace

std::vector<Item> render(const Task& task, const DataFolders& folders, const Task::RenderOptions& options) {
    std::vector<Item> items;
    Rendering(task, folders, options)
        .render([&](Item item) { items.push_back(std::move(item)); }, [](const SuiteError& error) { throw error; });
    return items;
}

std::vector<std::string> check(const Task& task, const DataFolders& folders, std::size_t max) {
    std::vector<std::string> mistakes;
    const Task::RenderOptions options;
    try {
        Rendering(task, folders, options)
            .render([](const Item&) {},
                    [&](const SuiteError& error) {
                        mistakes.emplace_back(error.what());
                        if (mistakes.size() >= max) throw error;
                    });
    } catch (const SuiteError& error) {
        if (mistakes.empty() || mistakes.back() != error.what()) mistakes.emplace_back(error.what());
    }
    return mistakes;
}

}  // namespace suites::rendering

namespace suites {

std::vector<Item> Task::render(const DataFolders& folders, const RenderOptions& options) const {
    return rendering::render(*this, folders, options);
}

std::vector<std::string> Task::check_data(const DataFolders& folders) const {
    constexpr std::size_t kMaxMistakes = 100;
    return rendering::check(*this, folders, kMaxMistakes);
}

}  // namespace suites
