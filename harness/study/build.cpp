#include "harness/study/build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "harness/base/sha256.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/study/scrub.hpp"
#include "reports/statistics/counter_random.hpp"

namespace harness::study {
namespace {

using nlohmann::ordered_json;
using store::StudyAnswerRow;
using store::StudyItemRow;

/// A prompt that all runs answered.
struct Candidate {
    SourcePrompt prompt;
    std::string hash;
    std::string key;  ///< orders prompts whatever order they came in
};

std::uint64_t number_of(const std::string& hash) {
    std::uint64_t number = 0;
    std::from_chars(hash.data(), hash.data() + 16, number, 16);
    return number;
}

/// How many to take of each stratum: in proportion, the largest remainders get one more (Hamilton's method). Ties go to
/// the first by name.
void allocate(std::map<std::string, Stratum>& strata, std::size_t wanted) {
    std::size_t total = 0;
    for (const auto& [name, stratum] : strata) total += stratum.available;
    if (total == 0) return;
    std::vector<std::pair<std::size_t, Stratum*>> remainders;
    std::size_t given = 0;
    for (auto& [name, stratum] : strata) {
        const std::size_t share = stratum.available * wanted;
        stratum.sampled = share / total;
        given += stratum.sampled;
        remainders.emplace_back(share % total, &stratum);
    }
    std::stable_sort(remainders.begin(), remainders.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (std::size_t i = 0; given < wanted; ++i, ++given) ++remainders.at(i).second->sampled;
}

/// The sampled candidates, in the order of their keys.
std::vector<Candidate> sample(std::vector<Candidate> candidates, const Definition& definition,
                              std::map<std::string, Stratum>& strata) {
    for (const Candidate& candidate : candidates) ++strata[candidate.prompt.category].available;
    const std::size_t wanted = definition.prompts == 0 ? candidates.size() : definition.prompts;
    if (wanted > candidates.size()) {
        throw base::UsageError(
            fmt::format("study '{}': {} prompts were asked for, but only {} have an answer of every run",
                        definition.name, wanted, candidates.size()));
    }
    allocate(strata, wanted);
    const auto drawn = [&definition](const Candidate& candidate) {
        return reports::statistics::random_bits(definition.seed, number_of(candidate.hash), 0);
    };
    std::sort(candidates.begin(), candidates.end(), [&drawn](const Candidate& a, const Candidate& b) {
        return std::pair(drawn(a), std::cref(a.key).get()) < std::pair(drawn(b), std::cref(b.key).get());
    });
    std::map<std::string, std::size_t> taken;
    std::erase_if(candidates, [&](const Candidate& candidate) {
        const std::string& stratum = candidate.prompt.category;
        return taken[stratum]++ >= strata.at(stratum).sampled;
    });
    std::sort(candidates.begin(), candidates.end(),
              [](const Candidate& a, const Candidate& b) { return a.key < b.key; });
    return candidates;
}

std::vector<Candidate> answered(const Definition& definition, std::vector<SourcePrompt> prompts,
                                std::size_t& unanswered) {
    std::vector<Candidate> candidates;
    for (SourcePrompt& prompt : prompts) {
        const bool complete = prompt.answers.size() == definition.runs.size() &&
                              std::none_of(prompt.answers.begin(), prompt.answers.end(),
                                           [](const auto& samples) { return samples.empty(); });
        if (!complete) {
            ++unanswered;
            continue;
        }
        const StudyAnswerRow& first = prompt.answers.front().front();
        std::string hash = prompt_hash(prompt.turns);
        std::string key = fmt::format("{}\n{:020}\n{}", first.task, first.doc, hash);
        candidates.push_back({std::move(prompt), std::move(hash), std::move(key)});
    }
    return candidates;
}

/// Makes items, which come in order.
class ItemMaker {
public:
    ItemMaker(const Definition& definition, BuiltStudy& built) : definition_(definition), built_(built) {}

    void add(const Candidate& candidate) {
        const auto& answers = candidate.prompt.answers;
        for (std::size_t run = 0; run < answers.size(); ++run) {
            if (scale_of(definition_.protocol).answers == 1) {
                for (const StudyAnswerRow& answer : limited(answers[run])) add_item(candidate, {answer});
                continue;
            }
            for (std::size_t other = run + 1; other < answers.size(); ++other) {
                const auto a = limited(answers[run]);
                const auto b = limited(answers[other]);
                for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) add_item(candidate, {a[i], b[i]});
            }
        }
    }

    void add_checks(const std::vector<CheckItem>& checks, const char* kind) {
        for (const CheckItem& check : checks) {
            StudyItemRow item{.number = built_.items.size(),
                              .kind = kind,
                              .category = kind,
                              .prompt_hash = prompt_hash(check.turns),
                              .turns_json = turns_to_json(check.turns),
                              .right = check.right,
                              .feedback = check.feedback,
                              .answers = {}};
            for (const std::string& answer : check.answers) item.answers.push_back({.variant = kind, .text = answer});
            built_.items.push_back(std::move(item));
        }
    }

private:
    std::vector<StudyAnswerRow> limited(const std::vector<StudyAnswerRow>& samples) const {
        const std::size_t number = std::min<std::size_t>(samples.size(), definition_.answers_per_prompt);
        return {samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(number)};
    }

    void add_item(const Candidate& candidate, std::vector<StudyAnswerRow> answers) {
        if (definition_.scrub) {
            for (StudyAnswerRow& answer : answers) hide_names(answer);
        }
        built_.items.push_back({.number = built_.items.size(),
                                .category = candidate.prompt.category,
                                .prompt_hash = candidate.hash,
                                .turns_json = turns_to_json(candidate.prompt.turns),
                                .answers = std::move(answers)});
    }

    void hide_names(StudyAnswerRow& answer) {
        const Scrubbed scrubbed = scrub(answer.text);
        if (scrubbed.changes.empty()) return;
        ++built_.scrubbed;
        answer.shown = scrubbed.text;
        ordered_json changes = ordered_json::array();
        for (const ScrubChange& change : scrubbed.changes)
            changes.push_back({{"from", change.from}, {"to", change.to}});
        answer.changes_json = changes.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    const Definition& definition_;
    BuiltStudy& built_;
};

/// Everything that raters see and that is read afterwards. Lengths are hashed too, so that no two studies have one
/// text.
std::string hash_of(const std::string& definition, const std::vector<StudyItemRow>& items) {
    base::Sha256 hash;
    const auto add = [&hash](std::string_view part) {
        hash.add(fmt::format("{}:", part.size()));
        hash.add(part);
    };
    add(definition);
    for (const StudyItemRow& item : items) {
        add(item.kind);
        add(item.category);
        add(item.turns_json);
        for (const StudyAnswerRow& answer : item.answers) {
            add(fmt::format("{} {} {} {}", answer.run, answer.task, answer.doc, answer.position));
            add(answer.variant);
            add(answer.text);
            add(answer.shown_text());
        }
    }
    return hash.hex();
}

}  // namespace

std::string prompt_hash(const std::vector<Turn>& turns) {
    return base::sha256_hex(turns_to_json(turns));
}

BuiltStudy build_study(const Definition& definition, std::vector<SourcePrompt> prompts, store::UnixMs opened) {
    BuiltStudy built;
    std::vector<Candidate> candidates = answered(definition, std::move(prompts), built.unanswered);
    if (candidates.empty()) {
        throw base::UsageError(
            fmt::format("study '{}': no prompt has an answer of every run; do the runs have the same "
                        "tasks, and do these generate text?",
                        definition.name));
    }
    ItemMaker maker(definition, built);
    for (const Candidate& candidate : sample(std::move(candidates), definition, built.strata)) maker.add(candidate);
    maker.add_checks(definition.gold, "gold");
    maker.add_checks(definition.attention, "attention");
    maker.add_checks(definition.practice, "practice");
    const std::string text = definition_text(definition);
    built.study = {.name = definition.name,
                   .hash = hash_of(text, built.items),
                   .protocol = std::string(to_string(definition.protocol)),
                   .raters = definition.raters_per_item,
                   .definition_json = text,
                   .opened = opened};
    return built;
}

}  // namespace harness::study
