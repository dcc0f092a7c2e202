#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/store/database.hpp"
#include "harness/store/study_ratings.hpp"
#include "harness/store/study_store.hpp"
#include "harness/study/build.hpp"
#include "harness/study/service.hpp"

/// Studies for tests: prompts "prompt 0", "prompt 1", ... with the answers "a of 0", "b of 0", ...
namespace small_study {

using harness::store::Choice;
using harness::store::UnixMs;
using harness::study::Definition;
using harness::study::SourcePrompt;

constexpr UnixMs kMinute = 60'000;
constexpr UnixMs kStart = 1'700'000'000'000;

/// Three categories: half of the prompts are "x", the others "y" and "z" in turn.
inline std::vector<SourcePrompt> prompts(std::size_t number, std::size_t runs) {
    std::vector<SourcePrompt> prompts;
    for (std::size_t i = 0; i < number; ++i) {
        SourcePrompt prompt{.turns = {{"user", "prompt " + std::to_string(i)}},
                            .category = i % 2 == 0 ? "x" : (i % 4 == 1 ? "y" : "z"),
                            .answers = {}};
        for (std::size_t run = 0; run < runs; ++run) {
            const std::string name(1, static_cast<char>('a' + run));
            prompt.answers.push_back({{.variant = "variant " + name,
                                       .run = "plan-" + name,
                                       .task = "helpfulness",
                                       .doc = i,
                                       .text = name + " of " + std::to_string(i)}});
        }
        prompts.push_back(std::move(prompt));
    }
    return prompts;
}

inline Definition pairwise(std::uint32_t raters = 3) {
    return {.name = "small", .runs = {"plan-a", "plan-b"}, .seed = 7, .raters_per_item = raters};
}

inline void add(const harness::store::Database& database, const Definition& definition,
                std::vector<SourcePrompt> prompts) {
    const auto built = harness::study::build_study(definition, std::move(prompts), kStart);
    harness::store::StudyStore(database).add(built.study, built.items);
}

inline void add(const harness::store::Database& database, const Definition& definition, std::size_t number) {
    add(database, definition, prompts(number, definition.runs.size()));
}

/// A study with its service and a clock that tests move.
class Study {
public:
    Study(const Definition& definition, std::size_t number)
        : Study(definition, prompts(number, definition.runs.size())) {}
    Study(const Definition& definition, std::vector<SourcePrompt> prompts)
        : database_(harness::store::Database::temporary()) {
        add(database_, definition, std::move(prompts));
        name_ = definition.name;
        restart();
    }

    /// As a new process would.
    void restart() {
        service_ = std::make_unique<harness::study::StudyService>(database_, name_, [this] { return now_; });
    }
    void pass(UnixMs milliseconds) { now_ += milliseconds; }
    UnixMs now() const { return now_; }

    harness::study::StudyService& service() { return *service_; }
    harness::study::StudyService* operator->() { return service_.get(); }
    const harness::store::Database& database() const { return database_; }
    harness::store::StudyRow row() const { return harness::store::StudyStore(database_).find(name_).value(); }

    /// A rater with a session.
    harness::store::RaterSessionRow rater() {
        return service_->begin_session(service_->invite(1, "").front().token).value().session;
    }

    /// Rates the next item with `value`; false when there is none.
    bool rate_next(const harness::store::RaterSessionRow& session, std::int64_t value) {
        const auto page = service_->current(session);
        if (!page.item) return false;
        pass(1000);
        return service_->submit(session, page.item->id, {.value = value}, "", 1).outcome ==
               harness::study::SubmitOutcome::Stored;
    }

private:
    harness::store::Database database_;
    std::string name_;
    UnixMs now_ = kStart;
    std::unique_ptr<harness::study::StudyService> service_;
};

inline std::vector<harness::store::Rating> ratings_of(const Study& study) {
    return harness::store::ratings(study.database(), study.row());
}

}  // namespace small_study
