#include "harness/web/rate_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "harness/web/markdown.hpp"

namespace harness::web {
namespace {

using study::PageState;
using study::Protocol;

constexpr store::UnixMs kMinuteMs = 60000;

std::string text_html(const std::string& text, TextView texts) {
    return texts == TextView::Formatted ? markdown_html(text) : plain_html(text);
}

std::string speaker(const std::string& role) {
    if (role == "user") return "User";
    if (role == "system") return "Instructions to the assistant";
    return "Assistant";
}

TemplateList turns_of(const RateView& view) {
    TemplateList turns;
    for (const study::Turn& turn : view.item.turns) {
        TemplateData one;
        one.set("speaker", speaker(turn.role));
        one.set("role", turn.role == "user" ? "user" : turn.role == "system" ? "system" : "assistant");
        one.set("system", shown_if(turn.role == "system"));
        one.set("spoken", shown_if(turn.role != "system"));
        one.set("html", text_html(turn.content, view.texts));
        turns.push_back(std::move(one));
    }
    return turns;
}

TemplateList answers_of(const RateView& view) {
    constexpr std::array<std::pair<const char*, const char*>, 2> kNames = {
        {{"Left answer", "(the first)"}, {"Right answer", "(the second)"}}};
    const bool is_one = view.item.answers.size() == 1;
    TemplateList answers;
    for (std::size_t i = 0; i < view.item.answers.size() && i < kNames.size(); ++i) {
        TemplateData one;
        one.set("name", is_one ? "Answer" : kNames.at(i).first);
        one.set("order", is_one ? "" : kNames.at(i).second);
        one.set("number", fmt::format("{}", i + 1));
        one.set("html", text_html(view.item.answers[i], view.texts));
        answers.push_back(std::move(one));
    }
    return answers;
}

TemplateList points_of(const RateView& view) {
    TemplateList points;
    for (const study::ScalePoint& point : study::scale_of(view.protocol).points) {
        TemplateData one;
        one.set("value", fmt::format("{}", point.value));
        one.set("label", std::string(point.label));
        one.set("meaning", optional_text(std::string(point.meaning)));
        one.set("chosen", shown_if(view.item.choice.value == point.value));
        points.push_back(std::move(one));
    }
    return points;
}

enum class Side { Left, Right };

/// Yes or no of one answer, of a preference study.
TemplateData safe_question(Side side, const std::optional<bool>& choice) {
    TemplateData one;
    one.set("name", side == Side::Left ? "left_safe" : "right_safe");
    one.set("label", side == Side::Left ? "Is the left answer safe?" : "Is the right answer safe?");
    one.set("key", side == Side::Left ? "L" : "R");
    one.set("yes", shown_if(choice == true));
    one.set("no", shown_if(choice == false));
    return one;
}

TemplateList safe_questions(const RateView& view) {
    TemplateList questions;
    if (view.protocol == Protocol::Preference) {
        questions.push_back(safe_question(Side::Left, view.item.choice.left_safe));
        questions.push_back(safe_question(Side::Right, view.item.choice.right_safe));
    }
    return questions;
}

TemplateList reasons() {
    TemplateList list;
    for (const study::SkipReason& reason : study::skip_reasons()) {
        TemplateData one;
        one.set("word", std::string(reason.word));
        one.set("label", std::string(reason.label));
        list.push_back(std::move(one));
    }
    return list;
}

void set_progress(TemplateData& data, const RateView& view) {
    const study::Progress& progress = view.progress;
    data.set("practice", shown_if(view.item.is_practice));
    data.set("practice_left", fmt::format("{}", progress.practice_left));
    data.set("done", fmt::format("{}", progress.done));
    data.set("all", fmt::format("{}", std::max<std::size_t>(1, progress.done + progress.open + progress.left)));
    const std::size_t cap = progress.session_items;
    data.set("pause_in",
             optional_text(cap > progress.since_break ? fmt::format("{}", cap - progress.since_break) : ""));
}

}  // namespace

Response rate_page(Pages& pages, const RateView& view) {
    TemplateData data;
    data.set("csrf", view.csrf);
    data.set("item", view.item.id);
    set_progress(data, view);
    data.set("turns", TemplateData(turns_of(view)));
    data.set("answers", TemplateData(answers_of(view)));
    data.set("two", shown_if(view.item.answers.size() == 2));
    data.set("sensitive", shown_if(view.protocol == Protocol::Safety));
    data.set("question", view.question);
    data.set("points", TemplateData(points_of(view)));
    data.set("count", fmt::format("{}", study::scale_of(view.protocol).points.size()));
    data.set("pairwise", shown_if(view.protocol == Protocol::Pairwise));
    data.set("preference", shown_if(view.protocol == Protocol::Preference));
    data.set("both_bad", shown_if(view.item.choice.both_bad.value_or(false)));
    data.set("safe", TemplateData(safe_questions(view)));
    data.set("note", view.item.note);
    data.set("noted", shown_if(!view.item.note.empty()));
    data.set("seconds", fmt::format("{:.1f}", view.item.seconds));
    data.set("opened", fmt::format("{}", view.now));
    data.set("reasons", TemplateData(reasons()));
    data.set("undo", shown_if(view.can_undo && !view.item.is_submitted));
    data.set("history", shown_if(view.can_undo));
    data.set("edit", shown_if(view.item.is_submitted));
    data.set("first", shown_if(!view.item.is_submitted));
    data.set("mistake", optional_text(view.mistake));
    data.set("as_written", shown_if(view.texts == TextView::AsWritten));
    data.set("formatted", shown_if(view.texts == TextView::Formatted));
    return pages.page({.title = "Rate answers", .main = pages.templates().fill("rate", data), .script = Script::Rater},
                      view.mistake.empty() ? 200 : 422);
}

Response state_page(Pages& pages, const study::Page& page, const std::string& csrf, store::UnixMs now) {
    TemplateData data;
    const store::UnixMs rest = std::max<store::UnixMs>(0, page.resume_at.value_or(now) - now);
    data.set("minutes", fmt::format("{}", (rest + kMinuteMs - 1) / kMinuteMs));
    data.set("done", fmt::format("{}", page.progress.done));
    data.set("csrf", csrf);
    data.set("undo", shown_if(page.can_undo));
    for (const auto& [name, state] :
         {std::pair{"waiting", PageState::Waiting}, std::pair{"finished", PageState::Finished},
          std::pair{"break", PageState::Break}, std::pair{"paused", PageState::Paused},
          std::pair{"closed", PageState::Closed}, std::pair{"excluded", PageState::Excluded}})
        data.set(name, shown_if(page.state == state));
    const bool may_go_on =
        page.state == PageState::Waiting || page.state == PageState::Break || page.state == PageState::Paused;
    data.set("retry", shown_if(may_go_on));
    return pages.page(
        {.title = "Rate answers", .main = pages.templates().fill("state", data), .script = Script::Rater});
}

Response feedback_page(Pages& pages, const study::Feedback& feedback) {
    TemplateData data;
    data.set("right", shown_if(feedback.is_right));
    data.set("wrong", shown_if(!feedback.is_right));
    data.set("text", optional_text(feedback.text));
    return pages.page({.title = "Practice", .main = pages.templates().fill("feedback", data), .script = Script::Rater});
}

Response history_page(Pages& pages, const std::vector<std::string>& items, std::size_t done) {
    TemplateList list;
    for (std::size_t i = 0; i < items.size(); ++i) {
        TemplateData one;
        one.set("item", items[i]);
        one.set("number", fmt::format("{}", done > i ? done - i : 0));
        one.set("last", shown_if(i == 0));
        list.push_back(std::move(one));
    }
    TemplateData data;
    data.set("empty", shown_if(items.empty()));
    data.set("items", TemplateData(list));
    return pages.page({.title = "Your answers", .main = pages.templates().fill("history", data)});
}

Response start_page(Pages& pages, Protocol protocol, const std::string& token) {
    TemplateData data;
    data.set("token", token);
    data.set("typed", shown_if(token.empty()));
    data.set("sensitive", shown_if(protocol == Protocol::Safety));
    return pages.page({.title = "Rate answers", .main = pages.templates().fill("start", data), .script = Script::Join});
}

}  // namespace harness::web
