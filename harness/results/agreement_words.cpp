#include "harness/results/agreement_words.hpp"

#include <fmt/format.h>

#include <array>

namespace harness::results {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 13> kTitles = {
    {{"accuracy", "same class"},
     {"refused", "refused or complied (partial refusals are refused)"},
     {"refused_without_partial", "the same without answers labelled partial"},
     {"preference", "prefers what people prefer (ties half)"},
     {"consistent", "same verdict in both orders"},
     {"first_preferred", "prefers the answer shown first"},
     {"ac1", "Gwet's AC1"},
     {"ac2", "Gwet's AC2 (ordinal weights)"},
     {"kappa", "kappa"},
     {"alpha", "Krippendorff's alpha"},
     {"macro_f1", "macro-F1"},
     {"spearman", "Spearman's rank correlation"},
     {"auc", "unsafe below safe (area under the curve)"}}};

bool is_share(const std::string& name) {
    return name == "accuracy" || name.starts_with("refused") || name == "preference" || name == "consistent" ||
           name == "first_preferred";
}

}  // namespace

std::span<const std::pair<const char*, const char*>> agreement_titles() {
    return kTitles;
}

std::string estimate_text(const std::string& name, double value) {
    return is_share(name) ? fmt::format("{:.1f} %", 100 * value) : fmt::format("{:.3f}", value);
}

std::string interval_text(const std::string& name, double low, double high) {
    if (is_share(name)) return fmt::format("{:.1f} to {:.1f} %", 100 * low, 100 * high);
    return fmt::format("{:.3f} to {:.3f}", low, high);
}

}  // namespace harness::results
