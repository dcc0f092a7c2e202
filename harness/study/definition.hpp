#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/store/study_rows.hpp"
#include "harness/study/page.hpp"
#include "harness/study/protocol.hpp"

namespace harness::study {

/// How the next item of a rater is chosen among those with the fewest ratings.
enum class Assignment {
    Plain,     ///< at random
    Adaptive,  ///< items of pairs of variants that are not decided yet; decided pairs get no more ratings
};

/// An item with an answer that is known to be right: to see whether raters read, or for practice.
struct CheckItem {
    std::vector<Turn> turns;  ///< the last is the user's
    std::vector<std::string> answers;
    store::RightAnswer right;   ///< on the first answer's side
    std::string feedback = {};  ///< practice only
};

/// The plan of a study: STUDY.json. README.md describes the fields.
struct Definition {
    std::string name;
    Protocol protocol = Protocol::Pairwise;
    std::string question = {};             ///< empty: the protocol's
    std::vector<std::string> runs = {};    ///< references; plan hashes once frozen
    std::vector<std::string> tasks = {};   ///< empty: all tasks of the runs that generate
    std::uint64_t prompts = 0;             ///< sampled; 0: all
    std::uint64_t answers_per_prompt = 1;  ///< of a run: the first of its samples
    std::string stratify = "category";     ///< field of the documents; documents without it: their task
    std::uint64_t seed = 0;                ///< of sample, order and sides
    std::uint32_t raters_per_item = 3;
    bool scrub = false;                ///< take out how models call themselves
    std::uint32_t lease_minutes = 10;  ///< at least; 3 times the median time at work where that is longer
    std::uint32_t session_items = 0;   ///< a break is due after so many; 0: none
    std::uint32_t break_minutes = 15;
    std::uint64_t items_per_rater = 0;  ///< at most; 0: all
    Assignment assignment = Assignment::Plain;
    std::uint32_t check_every = 10;         ///< one check among so many items
    std::vector<CheckItem> gold = {};       ///< hidden; look like the others
    std::vector<CheckItem> attention = {};  ///< hidden; say which answer to give
    std::vector<CheckItem> practice = {};   ///< first, with feedback
};

/// Reads STUDY.json. Throws base::UsageError with every mistake, one a line, each with its place.
Definition parse_definition(std::string_view text, const std::string& path);

/// The file of a definition, with every field, indented: parse_definition() gives the definition back.
std::string definition_text(const Definition& definition);

/// Check items of a file of JSON lines as they stand in STUDY.json. Throws like parse_definition().
std::vector<CheckItem> parse_checks(std::string_view text, const std::string& path, Protocol protocol);

/// The turns of a stored item. Throws store::StoreError when it is no list of turns: a damaged file.
std::vector<Turn> turns_from_json(const std::string& turns_json);
/// The form in which they are stored and hashed.
std::string turns_to_json(const std::vector<Turn>& turns);

}  // namespace harness::study
