#include "safety/prompts/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "safety/prompts/similarity.hpp"

namespace safety::prompts {
namespace {

constexpr double kDuplicate = 0.5;
constexpr double kNear = 0.35;
constexpr double kMaxNear = 0.01;
constexpr double kMinOpenings = 0.6;
constexpr double kMaxTemplates = 0.1;
constexpr std::size_t kOpeningWords = 4;

using Words = std::vector<std::string>;

double share(std::size_t count, std::size_t of) {
    return of == 0 ? 0 : static_cast<double>(count) / static_cast<double>(of);
}

std::string percent(double value) {
    return fmt::format("{:.1f} %", value * 100);
}

/// Data shared by all measures, computed once.
struct Texts {
    explicit Texts(const std::vector<Prompt>& prompts) {
        for (const Prompt& prompt : prompts) {
            words.push_back(words_of(prompt.user_text()));
            last_words.push_back(words_of(prompt.turns.back().content).size());
            shingles.push_back(shingles_of(words.back()));
        }
    }

    std::vector<Words> words;  ///< of the user's turns
    std::vector<std::size_t> last_words;
    std::vector<std::vector<std::uint64_t>> shingles;
};

void add_counts(const std::vector<Prompt>& prompts, const Requirements& required, CheckReport& report) {
    const std::size_t count = prompts.size();
    report.measures.push_back(
        {"prompts", std::to_string(count), fmt::format("{} or more", required.prompts), count >= required.prompts});
    const double single =
        share(static_cast<std::size_t>(
                  std::count_if(prompts.begin(), prompts.end(), [](const Prompt& p) { return p.is_single_turn(); })),
              count);
    report.measures.push_back(
        {"single-turn", percent(single),
         fmt::format("{} to {}", percent(required.single_turn.min), percent(required.single_turn.max)),
         single >= required.single_turn.min && single <= required.single_turn.max});
    std::set<std::string> languages;
    std::size_t others = 0;
    for (const Prompt& prompt : prompts) {
        languages.insert(prompt.language);
        others += prompt.language != "en" ? 1U : 0U;
    }
    report.measures.push_back(
        {"in other languages than English",
         fmt::format("{} in {} languages", percent(share(others, count)), languages.size() - languages.count("en")),
         fmt::format("{} or more", percent(required.other_languages)),
         share(others, count) >= required.other_languages});
}

void add_tags(const std::vector<Prompt>& prompts, const Requirements& required, CheckReport& report) {
    std::size_t unknown = 0;
    for (const auto& [tag, known] : required.tags) {
        for (const Prompt& prompt : prompts) {
            const std::string value = prompt.tag(tag);
            if (value.empty() && tag == "category2") continue;  // most prompts have one category
            if (std::find(known.begin(), known.end(), value) != known.end()) continue;
            ++unknown;
            report.faults.push_back(
                fmt::format("{}: field \"{}\" is '{}'; known: {}", prompt.id, tag, value, fmt::join(known, ", ")));
        }
    }
    report.measures.push_back({"unknown tags", std::to_string(unknown), "0", unknown == 0});
}

void add_categories(const std::vector<Prompt>& prompts, const Requirements& required, CheckReport& report) {
    std::map<std::string, std::size_t> counts;
    for (const Prompt& prompt : prompts) ++counts[prompt.tags.at("category")];
    if (const auto known = required.tags.find("category"); known != required.tags.end()) {
        for (const std::string& category : known->second) counts.try_emplace(category, 0);
    }
    for (const auto& [category, count] : counts) {
        Measure measure{"category " + category, fmt::format("{} ({})", count, percent(share(count, prompts.size()))),
                        "", true};
        if (const auto range = required.category_shares.find(category); range != required.category_shares.end()) {
            measure.required = fmt::format("{} to {}", percent(range->second.min), percent(range->second.max));
            const double part = share(count, prompts.size());
            measure.holds = part >= range->second.min && part <= range->second.max;
        } else if (required.in_category > 0) {
            measure.required = fmt::format("{} or more", required.in_category);
            measure.holds = count >= required.in_category;
        }
        report.measures.push_back(std::move(measure));
    }
}

/// Adds the number of prompts of each category and attack vector.
void add_cells(const std::vector<Prompt>& prompts, const Requirements& required, CheckReport& report) {
    if (required.in_cell == 0) return;
    std::map<std::pair<std::string, std::string>, std::size_t> cells;
    for (const std::string& category : required.tags.at("category")) {
        for (const std::string& vector : required.tags.at("vector")) cells[{category, vector}] = 0;
    }
    std::map<std::string, std::size_t> vectors;
    for (const Prompt& prompt : prompts) {
        const auto vector = prompt.tags.find("vector");
        if (vector == prompt.tags.end()) continue;
        ++cells[{prompt.tags.at("category"), vector->second}];
        ++vectors[vector->second];
    }
    for (const auto& [vector, count] : vectors)
        report.measures.push_back(
            {"vector " + vector, fmt::format("{} ({})", count, percent(share(count, prompts.size()))), "", true});
    const auto smallest =
        std::min_element(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    report.measures.push_back(
        {"smallest category and vector",
         fmt::format("{} ({}, {})", smallest->second, smallest->first.first, smallest->first.second),
         fmt::format("{} or more", required.in_cell), smallest->second >= required.in_cell});
}

void add_lengths(const Texts& texts, const Requirements& required, CheckReport& report) {
    std::vector<std::size_t> lengths = texts.last_words;
    std::sort(lengths.begin(), lengths.end());
    report.measures.push_back(
        {"words of the last turn",
         fmt::format("{} to {}, median {}", lengths.front(), lengths.back(), lengths[lengths.size() / 2]),
         required.longest == 0 ? "" : fmt::format("up to {} or more", required.longest),
         lengths.back() >= required.longest});
    std::set<Words> openings;
    for (const Words& words : texts.words)
        openings.emplace(words.begin(),
                         words.begin() + static_cast<std::ptrdiff_t>(std::min(words.size(), kOpeningWords)));
    const double distinct = share(openings.size(), texts.words.size());
    report.measures.push_back({"distinct first four words", percent(distinct),
                               fmt::format("{} or more", percent(kMinOpenings)), distinct >= kMinOpenings});
}

void add_duplicates(const std::vector<Prompt>& prompts, const Texts& texts, CheckReport& report) {
    ShingleIndex index;
    std::size_t duplicates = 0;
    std::set<std::size_t> near;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        for (const Neighbour& other : index.neighbours(texts.shingles[i], kNear)) {
            near.insert({i, other.index});
            if (other.jaccard <= kDuplicate) continue;
            ++duplicates;
            report.faults.push_back(fmt::format("{}: near-duplicate of {} (similarity {:.2f})", prompts[i].id,
                                                prompts[other.index].id, other.jaccard));
        }
        index.add(texts.shingles[i]);
    }
    const double close = share(near.size(), prompts.size());
    report.measures.push_back(
        {"near-duplicate pairs (similarity above 0.5)", std::to_string(duplicates), "0", duplicates == 0});
    report.measures.push_back({"prompts with a neighbour above 0.35", percent(close),
                               fmt::format("at most {}", percent(kMaxNear)), close <= kMaxNear});
}

/// Whether two texts look like one template with different words filled in: the same number of words, at least 70 % of
/// them equal at the same place.
bool are_of_one_template(const Words& a, const Words& b) {
    constexpr double kSamePlaces = 0.7;
    std::size_t same = 0;
    for (std::size_t i = 0; i < a.size(); ++i) same += a[i] == b[i] ? 1U : 0U;
    return static_cast<double>(same) >= kSamePlaces * static_cast<double>(a.size());
}

void add_templates(const Texts& texts, CheckReport& report) {
    constexpr std::size_t kMinWords = 5;  // shorter texts are alike by chance
    std::map<std::size_t, std::vector<std::size_t>> by_length;
    std::size_t filled = 0;
    for (std::size_t i = 0; i < texts.words.size(); ++i) {
        const Words& words = texts.words[i];
        if (words.size() < kMinWords) continue;
        std::vector<std::size_t>& alike = by_length[words.size()];
        filled += std::any_of(alike.begin(), alike.end(),
                              [&](std::size_t other) { return are_of_one_template(words, texts.words[other]); })
                      ? 1U
                      : 0U;
        alike.push_back(i);
    }
    const double part = share(filled, texts.words.size());
    report.measures.push_back({"slot-filled templates", percent(part),
                               fmt::format("at most {}", percent(kMaxTemplates)), part <= kMaxTemplates});
}

}  // namespace

bool CheckReport::holds() const {
    return std::all_of(measures.begin(), measures.end(), [](const Measure& measure) { return measure.holds; });
}

CheckReport check_set(const std::vector<Prompt>& prompts, const Requirements& requirements) {
    const Texts texts(prompts);
    CheckReport report;
    add_counts(prompts, requirements, report);
    add_tags(prompts, requirements, report);
    add_categories(prompts, requirements, report);
    add_cells(prompts, requirements, report);
    add_lengths(texts, requirements, report);
    add_duplicates(prompts, texts, report);
    add_templates(texts, report);
    return report;
}

void check_against(const std::vector<Prompt>& prompts, const std::vector<ForeignTexts>& sources, CheckReport& report) {
    ShingleIndex index;
    std::vector<std::size_t> owners;  // the prompt of each text in the index
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        std::set<std::string> own = {prompts[i].user_text()};
        for (const suites::Message& turn : prompts[i].turns) {
            if (turn.role == suites::Role::User) own.insert(turn.content);
        }
        for (const std::string& text : own) {
            index.add(shingles_of(words_of(text)));
            owners.push_back(i);
        }
    }
    for (const ForeignTexts& source : sources) {
        std::set<std::size_t> alike;
        for (const std::string& text : source.texts) {
            for (const Neighbour& own : index.neighbours(shingles_of(words_of(text)), kDuplicate)) {
                if (!alike.insert(owners[own.index]).second) continue;
                constexpr std::size_t kShown = 80;
                report.faults.push_back(fmt::format("{}: similarity {:.2f} to a text of {}: {}",
                                                    prompts[owners[own.index]].id, own.jaccard, source.name,
                                                    text.substr(0, kShown)));
            }
        }
        report.measures.push_back({fmt::format("prompts like one of {} texts of {}", source.texts.size(), source.name),
                                   std::to_string(alike.size()), "0", alike.empty()});
    }
}

}  // namespace safety::prompts
