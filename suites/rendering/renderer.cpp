#include "suites/rendering/renderer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "suites/rendering/gold.hpp"
#include "suites/transforms/wikitext.hpp"

namespace suites::rendering {
namespace {

// A short task file can ask for any amount of text: nested fields, a hundred long examples, a thousand samples.
constexpr std::size_t kMaxFieldBytes = std::size_t{16} << 20;  // text that the task's fields add to a row
constexpr std::size_t kMaxItemBytes = std::size_t{64} << 20;   // all requests of a document

/// The `index`th turn of a conversation: the user speaks first, then the assistant and the user in turn.
Message turn(const Row& value, std::size_t index, const std::string& field) {
    const auto fail = [&](const std::string& what) {
        return SuiteError(fmt::format("turn {} of \"{}\" {}", index + 1, field, what));
    };
    const Role role = index % 2 == 0 ? Role::User : Role::Assistant;
    if (!value.is_object() || !value.contains("role") || !value.contains("content"))
        throw fail("has no \"role\" and \"content\"");
    if (value["role"] != to_string(role)) throw fail(fmt::format("must have the role \"{}\"", to_string(role)));
    if (!value["content"].is_string() || value["content"].get_ref<const std::string&>().empty())
        throw fail("has no text in \"content\"");
    return {role, value["content"].get<std::string>()};
}

/// Throws when `requests` requests of `bytes` bytes each are too large.
void check_size(std::size_t requests, std::size_t bytes) {
    if (bytes > kMaxItemBytes || requests > kMaxItemBytes / std::max<std::size_t>(bytes, 1))
        throw SuiteError("the requests of one document have more than 64 MiB of text");
}

}  // namespace

Renderer::Renderer(const Task::Definition& task, Row row) : task_(task), row_(std::move(row)) {
    std::size_t added = 0;
    for (const auto& [name, form] : task_.fields) {
        std::string text = form.fill(row_);
        added += text.size();
        if (added > kMaxFieldBytes) throw SuiteError("\"fields\" grow beyond 16 MiB together");
        row_[name] = std::move(text);
    }
    system_ = task_.system.fill(row_);
}

std::vector<std::string> Renderer::choices() const {
    std::vector<std::string> texts;
    if (task_.choices.list) texts = task_.choices.list->texts(row_);
    for (const definition::Template& form : task_.choices.forms) texts.push_back(form.fill(row_));
    if (texts.empty())
        throw SuiteError(fmt::format("\"{}\" is an empty list of choices", task_.choices.list->written()));
    return texts;
}

/// The answer of a few-shot example of a task without choices.
std::string Renderer::answer() const {
    const definition::Generation& generation = task_.generation;
    if (task_.kind == TaskKind::Continuation) return task_.continuation.fill(row_);
    if (!generation.answer.empty()) return generation.answer.fill(row_);
    const std::vector<std::string> all =
        generation.references ? generation.references->texts(row_) : std::vector<std::string>{};
    if (all.empty()) throw SuiteError("the document has no answer to show as an example");
    return all.front();
}

std::string Renderer::example_question(std::size_t correct) const {
    if (!task_.fewshot.prompt.empty()) return task_.fewshot.prompt.fill(row_);
    return task_.prompts[task_.prompt_per_choice() ? correct : 0].fill(row_);
}

std::string Renderer::example() const {
    std::string shown_answer = task_.fewshot.answer.empty() ? "" : task_.fewshot.answer.fill(row_);
    std::size_t correct = 0;
    if (task_.kind == TaskKind::Choice) {
        const std::vector<std::string> texts =
            task_.prompt_per_choice() ? std::vector<std::string>(task_.prompts.size()) : choices();
        correct = correct_choices(task_.choices.gold, row_, texts.size()).front();
        if (shown_answer.empty())
            shown_answer = task_.prompt_per_choice() ? task_.continuation.fill(row_) : texts[correct];
    } else if (shown_answer.empty()) {
        shown_answer = answer();
    }
    return example_question(correct) + task_.target_delimiter + shown_answer + task_.fewshot.delimiter;
}

Item Renderer::item(const std::string& before) const {
    Item item;
    item.document = row_text(row_);
    switch (task_.kind) {
        case TaskKind::Choice: choose(item, before); break;
        case TaskKind::Continuation: continuation(item, before); break;
        case TaskKind::Generate: generate(item, before); break;
        case TaskKind::Rolling: roll(item); break;
    }
    return item;
}

Prompt Renderer::prompt(const std::string& before, const std::string& question) const {
    Prompt prompt{.turns = {}, .question_bytes = question.size()};
    if (!system_.empty()) prompt.turns.push_back({Role::System, system_});
    prompt.turns.push_back({Role::User, before + question});
    return prompt;
}

Prompt Renderer::conversation() const {
    const Row& turns = task_.conversation->value(row_);
    const std::string& field = task_.conversation->written();
    if (!turns.is_array() || turns.empty())
        throw SuiteError(fmt::format("\"{}\" is not a list of turns ({{\"role\": ..., \"content\": ...}})", field));
    Prompt prompt;
    if (!system_.empty()) prompt.turns.push_back({Role::System, system_});
    for (std::size_t i = 0; i < turns.size(); ++i) prompt.turns.push_back(turn(turns[i], i, field));
    if (prompt.turns.back().role != Role::User)
        throw SuiteError(fmt::format("the last turn of \"{}\" is not the user's", field));
    prompt.question_bytes = plain_text(prompt.turns).size();
    return prompt;
}

Prompt Renderer::calibration() const {
    return {.turns = {{Role::User, *task_.choices.calibration}}, .question_bytes = task_.choices.calibration->size()};
}

void Renderer::choose(Item& item, const std::string& before) const {
    std::vector<std::string> questions;
    std::size_t longest = 0;
    for (const definition::Template& form : task_.prompts) {
        questions.push_back(form.fill(row_));
        longest = std::max(longest, system_.size() + before.size() + questions.back().size());
    }
    if (task_.prompt_per_choice()) {
        item.choices.assign(questions.size(), task_.continuation.fill(row_));
    } else {
        item.choices = choices();
    }
    check_size(item.choices.size(), longest);
    item.correct = correct_choices(task_.choices.gold, row_, item.choices.size());
    const std::size_t delimiter_bytes = task_.target_delimiter.size();
    for (std::size_t i = 0; i < item.choices.size(); ++i) {
        item.requests.push_back(ChoiceRequest{.prompt = prompt(before, questions[task_.prompt_per_choice() ? i : 0]),
                                              .continuation = task_.target_delimiter + item.choices[i],
                                              .delimiter_bytes = delimiter_bytes});
    }
    if (!task_.choices.calibration) return;
    for (const std::string& choice : item.choices) {
        item.requests.push_back(ChoiceRequest{.prompt = calibration(),
                                              .continuation = task_.target_delimiter + choice,
                                              .delimiter_bytes = delimiter_bytes});
    }
}

void Renderer::continuation(Item& item, const std::string& before) const {
    const std::string question = task_.prompts[0].fill(row_);
    item.choices = {task_.continuation.fill(row_)};
    check_size(1, system_.size() + before.size() + question.size());
    item.correct = {0};
    // lm-evaluation-harness treats the delimiter as part of a single continuation.
    item.requests.emplace_back(ContinuationRequest{.prompt = prompt(before, question),
                                                   .continuation = task_.target_delimiter + item.choices.front()});
}

void Renderer::generate(Item& item, const std::string& before) const {
    const definition::Generation& generation = task_.generation;
    const Prompt asked = task_.conversation ? conversation() : prompt(before, task_.prompts[0].fill(row_));
    if (!generation.answer.empty()) item.reference = generation.answer.fill(row_);
    if (generation.references) {
        item.references = generation.references->texts(row_);
        item.unanswerable = item.references.empty();
        item.reference = item.references.size() == 1 ? item.references.front() : row_text(item.references);
    }
    check_size(generation.repeats + generation.likelihoods.size(), plain_text(asked.turns).size());
    for (std::uint32_t sample = 0; sample < generation.repeats; ++sample) {
        item.requests.push_back(GenerateRequest{.prompt = asked,
                                                .until = generation.until,
                                                .max_tokens = generation.max_tokens,
                                                .sample = sample,
                                                .temperature = generation.temperature,
                                                .top_p = generation.top_p});
    }
    for (const std::string& text : generation.likelihoods)
        item.requests.push_back(ContinuationRequest{.prompt = asked, .continuation = text});
}

void Renderer::roll(Item& item) const {
    std::string page = task_.prompts[0].fill(row_);
    item.words = count_words(page);
    item.bytes = page.size();
    if (task_.page == definition::PageTransform::Wikitext) page = transforms::wikitext_detokenize(std::move(page));
    item.requests.emplace_back(std::in_place_type<RollingRequest>, RollingRequest{.text = std::move(page)});
}

}  // namespace suites::rendering
