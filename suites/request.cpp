#include "suites/request.hpp"

#include <fmt/format.h>

#include <array>

namespace suites {
namespace {

constexpr std::array kKinds = {TaskKind::Choice, TaskKind::Continuation, TaskKind::Generate, TaskKind::Rolling};

template <class... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace

std::string_view to_string(TaskKind kind) {
    switch (kind) {
        case TaskKind::Choice: return "choice";
        case TaskKind::Continuation: return "continuation";
        case TaskKind::Generate: return "generate";
        case TaskKind::Rolling: return "rolling";
    }
    return "";
}

std::optional<TaskKind> task_kind_from(std::string_view text) {
    for (const TaskKind kind : kKinds) {
        if (to_string(kind) == text) return kind;
    }
    return std::nullopt;
}

std::string_view to_string(Role role) {
    switch (role) {
        case Role::System: return "system";
        case Role::User: return "user";
        case Role::Assistant: return "assistant";
    }
    return "";
}

std::string plain_text(std::span<const Message> turns) {
    std::string text;
    for (const Message& turn : turns) {
        if (&turn != &turns.front()) text += "\n\n";
        text += turn.content;
    }
    return text;
}

std::string_view kind_name(const Request& request) {
    return std::visit(Overloaded{[](const ChoiceRequest&) { return std::string_view("choice"); },
                                 [](const ContinuationRequest&) { return std::string_view("choice"); },
                                 [](const GenerateRequest&) { return std::string_view("generate"); },
                                 [](const RollingRequest&) { return std::string_view("rolling"); }},
                      request);
}

const Prompt* prompt_of(const Request& request) {
    return std::visit(Overloaded{[](const RollingRequest&) -> const Prompt* { return nullptr; },
                                 [](const auto& prompted) -> const Prompt* { return &prompted.prompt; }},
                      request);
}

const std::string& scored_text(const Request& request) {
    static const std::string kNone;
    return std::visit(Overloaded{[](const GenerateRequest&) -> const std::string& { return kNone; },
                                 [](const RollingRequest& rolling) -> const std::string& { return rolling.text; },
                                 [](const auto& scored) -> const std::string& { return scored.continuation; }},
                      request);
}

std::string Item::target() const {
    return correct.empty() ? reference : fmt::format("{}", fmt::join(correct, ","));
}

}  // namespace suites
