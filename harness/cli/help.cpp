#include "harness/cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/cli/terminal.hpp"
#include "reports/text/fold.hpp"

namespace harness::cli {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kMaxNameColumns = 26;  // longer names get their own line
constexpr std::size_t kMaxWidth = 100;

using Section = Terms;

std::size_t width() {
    return std::min(table_width(kMaxWidth), kMaxWidth);
}

/// Lines that all begin at column `indent`; the first one without the leading blanks.
std::string folded_at(std::string_view text, std::size_t indent) {
    std::string lines;
    for (const std::string& line : reports::text::folded(text, width() - indent))
        lines += (lines.empty() ? "" : "\n" + std::string(indent, ' ')) + line;
    return lines;
}

std::string name_of(const Option& option) {
    std::string name = option.name;
    for (const std::string& alias : option.aliases) {
        if (alias.size() == 2) name.insert(0, alias + ", ");
    }
    if (option.is_positional()) return name + (option.arity == Arity::Several ? "..." : "");
    switch (option.arity) {
        case Arity::None: return name;
        case Arity::Optional: return fmt::format("{} [{}]", name, option.value_name);
        case Arity::Several:
            return fmt::format("{} {}{}", name, option.value_name, option.value_name.ends_with("...") ? "" : "...");
        case Arity::One:
        case Arity::Repeated: break;
    }
    return fmt::format("{} {}", name, option.value_name);
}

Section& section(std::vector<Section>& sections, const std::string& title) {
    const auto found = std::find_if(sections.begin(), sections.end(),
                                    [&title](const Section& present) { return present.title == title; });
    if (found != sections.end()) return *found;
    sections.push_back({title, {}});
    return sections.back();
}

std::vector<Section> sections_of(const Verb& verb) {
    std::vector<Section> sections;
    for (const auto& below : verb.verbs())
        section(sections, below->group()).entries.push_back({below->name(), below->summary()});
    for (const auto& option : verb.options()) {
        const std::string required = option->is_required && !option->is_positional() ? " (required)" : "";
        section(sections, option->is_positional() ? "Arguments" : option->group)
            .entries.push_back({name_of(*option), option->help + required});
    }
    const std::string last = verb.parent() == nullptr ? "Options"
                             : verb.options().empty() ? "Options"
                                                      : sections.back().title;
    section(sections, last).entries.push_back({"-h, --help", "Print this help"});
    if (verb.parent() == nullptr) section(sections, last).entries.push_back({"--version", "Print the version"});
    return sections;
}

std::string rendered(const Section& list) {
    std::size_t names = 0;
    for (const auto& [name, meaning] : list.entries) {
        if (name.size() <= kMaxNameColumns) names = std::max(names, name.size());
    }
    const std::size_t column = std::min(kIndent + names + 2, width() / 2);
    std::string text = "\n" + styled(list.title + ":", Style::Bold) + "\n";
    for (const auto& [name, meaning] : list.entries) {
        const std::string shown = std::string(kIndent, ' ') + folded_at(name, kIndent);
        const bool fits = kIndent + name.size() + 2 <= column;
        text += shown + (fits ? std::string(column - shown.size(), ' ') : "\n" + std::string(column, ' '));
        text += folded_at(meaning, column) + "\n";
    }
    return text;
}

/// A command on one line, or on several joined by "\", never broken inside a word.
std::string example_text(const std::string& call) {
    constexpr std::size_t kContinuation = 2;  // " \\"
    const std::size_t columns = width() - kContinuation;
    std::string text(kIndent, ' ');
    std::size_t used = kIndent;
    std::istringstream words(call);
    for (std::string word; words >> word;) {
        const bool first = used == kIndent;
        if (!first && used + 1 + word.size() > columns) {
            text += " \\\n" + std::string(2 * kIndent, ' ');
            used = 2 * kIndent;
        } else if (!first) {
            text += ' ';
            ++used;
        }
        text += word;
        used += word.size();
    }
    return text + "\n";
}

}  // namespace

std::string usage_of(const Verb& verb) {
    std::string usage = verb.path();
    if (!verb.verbs().empty()) usage += " VERB";
    for (const auto& option : verb.options()) {
        if (!option->is_positional() && option->is_required) usage += " " + name_of(*option);
    }
    usage += " [OPTIONS]";
    for (const auto& option : verb.options()) {
        if (!option->is_positional()) continue;
        usage += option->is_required ? " " + name_of(*option) : fmt::format(" [{}]", name_of(*option));
    }
    return usage;
}

std::string help_of(const Verb& verb) {
    constexpr std::string_view kUsage = "Usage: ";
    std::string text = folded_at(verb.summary(), 0) + "\n\n";
    text += styled("Usage:", Style::Bold) + " " + folded_at(usage_of(verb), kUsage.size()) + "\n";
    for (const Section& list : sections_of(verb)) text += rendered(list);
    if (!verb.examples().empty()) text += "\n" + styled("Examples:", Style::Bold) + "\n";
    for (const std::string& example : verb.examples()) text += example_text(example);
    for (const Terms& terms : verb.terms()) text += rendered(terms);
    if (!verb.notes().empty()) text += "\n";
    for (const std::string& note : verb.notes()) text += folded_at(note, 0) + "\n";
    return text;
}

}  // namespace harness::cli
