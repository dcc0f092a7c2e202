#include "harness/cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/cli/terminal.hpp"

namespace harness::cli {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kMaxNameColumns = 26;  // longer names have a line of their own
constexpr std::size_t kMaxWidth = 100;
constexpr std::size_t kMinTextWidth = 20;

/// A line of a list: what it is called and what it does.
struct Entry {
    std::string name;
    std::string text;
};

struct Section {
    std::string title;
    std::vector<Entry> entries;
};

std::size_t width() {
    return std::min(table_width(kMaxWidth), kMaxWidth);
}

/// `text` from column `column` on, with the lines after the first indented to `indent`.
std::string wrapped(std::string_view text, std::size_t column, std::size_t indent) {
    const std::size_t limit = std::max(width(), indent + kMinTextWidth);
    std::string lines;
    std::size_t at = column;
    bool first_in_line = true;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!first_in_line && at + 1 + word.size() > limit) {
            lines += "\n" + std::string(indent, ' ');
            at = indent;
            first_in_line = true;
        }
        if (!first_in_line) {
            lines += ' ';
            ++at;
        }
        lines += word;
        at += word.size();
        first_in_line = false;
    }
    return lines;
}

std::string name_of(const Option& option) {
    std::string name = option.name;
    for (const std::string& alias : option.aliases) {
        if (alias.size() == 2) name = alias + ", " + name;
    }
    if (option.is_positional()) return name + (option.arity == Arity::Several ? "..." : "");
    switch (option.arity) {
        case Arity::None: return name;
        case Arity::Optional: return fmt::format("{} [{}]", name, option.value_name);
        case Arity::Several: return fmt::format("{} {}...", name, option.value_name);
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

std::string rendered(const Section& list) {
    std::size_t names = 0;
    for (const Entry& entry : list.entries) {
        if (entry.name.size() <= kMaxNameColumns) names = std::max(names, entry.name.size());
    }
    const std::size_t column = std::min(kIndent + names + 2, std::max<std::size_t>(8, width() / 2));
    std::string text = "\n" + styled(list.title + ":", Style::Bold) + "\n";
    for (const Entry& entry : list.entries) {
        text += std::string(kIndent, ' ') + entry.name;
        const bool fits = kIndent + entry.name.size() + 2 <= column;
        text += fits ? std::string(column - kIndent - entry.name.size(), ' ') : "\n" + std::string(column, ' ');
        text += wrapped(entry.text, column, column) + "\n";
    }
    return text;
}

}  // namespace

std::string help_of(const Verb& verb) {
    constexpr std::string_view kUsage = "Usage: ";
    std::string text = wrapped(verb.summary(), 0, 0) + "\n\n";
    text += styled("Usage:", Style::Bold) + " " + wrapped(usage_of(verb), kUsage.size(), kUsage.size()) + "\n";
    for (const Section& list : sections_of(verb)) text += rendered(list);
    if (!verb.examples().empty()) text += "\n" + styled("Examples:", Style::Bold) + "\n";
    for (const std::string& example : verb.examples()) text += std::string(kIndent, ' ') + example + "\n";
    std::string_view notes = verb.notes();
    if (!notes.empty()) text += "\n";
    while (!notes.empty()) {
        const std::size_t end = std::min(notes.find('\n'), notes.size());
        const std::string_view line = notes.substr(0, end);
        const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
        text += std::string(indent, ' ') + wrapped(line.substr(indent), indent, indent == 0 ? 0 : indent + 9) + "\n";
        notes.remove_prefix(std::min(end + 1, notes.size()));
    }
    return text;
}

}  // namespace harness::cli
