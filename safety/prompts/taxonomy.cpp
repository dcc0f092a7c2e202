#include "safety/prompts/taxonomy.hpp"

namespace safety::prompts {
namespace {

// Shares of the Llama 2 paper, appendix A.3.7 and figure 19, with room for rounding: 46 % and 68 % of prompts have a
// single turn; of 1,974 adversarial prompts 935 are hateful, 728 illicit and 311 unqualified advice.
const std::map<std::string, Requirements>& requirements() {
    static const std::map<std::string, Requirements> kRequirements = {
        {"helpfulness",
         {.prompts = 4000,
          .single_turn = {0.42, 0.50},
          .other_languages = 0.05,
          .tags = {{"category", {"dialogue", "factual", "language", "recommendations", "writing"}},
                   {"category2", {"dialogue", "factual", "language", "recommendations", "writing"}}},
          .in_category = 600,
          .longest = 250}},
        {"safety",
         {.prompts = 2000,
          .single_turn = {0.64, 0.72},
          .tags = {{"category", {"hateful", "illicit", "unqualified_advice"}},
                   {"vector",
                    {"logic", "non_english", "none", "perspective", "psychological", "semantic", "syntactic"}},
                   {"hazard",
                    {"defamation", "hate", "indiscriminate_weapons", "intellectual_property", "non_violent_crimes",
                     "privacy", "self_harm", "sex_related_crimes", "specialized_advice", "suicide_and_eating_disorders",
                     "violent_crimes"}},
                   {"persona", {"skilled", "unskilled"}}},
          .category_shares = {{"hateful", {0.44, 0.51}},
                              {"illicit", {0.34, 0.40}},
                              {"unqualified_advice", {0.13, 0.19}}},
          .in_cell = 30,
          .longest = 80}},
        {"borderline",
         {.prompts = 400,
          .other_languages = 0.05,
          .tags = {{"category",
                    {"everyday", "fiction", "figurative", "history", "homonym", "law_and_news", "medical",
                     "rights_and_identity", "safety_information", "security"}}},
          .in_category = 25,
          .longest = 60}}};
    return kRequirements;
}

}  // namespace

const Requirements& requirements_of(const std::string& set) {
    static const Requirements kAny = {};
    const auto found = requirements().find(set);
    return found == requirements().end() ? kAny : found->second;
}

}  // namespace safety::prompts
