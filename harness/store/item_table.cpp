#include "harness/store/item_table.hpp"

#include <cstring>
#include <string_view>

#include "harness/store/database.hpp"

namespace harness::store {
namespace {

/// int32 id and float64 log-probability, little-endian.
constexpr std::size_t kTokenBytes = sizeof(std::int32_t) + sizeof(double);

std::string pack(const std::vector<TokenRow>& tokens) {
    std::string bytes(tokens.size() * kTokenBytes, '\0');
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        std::memcpy(&bytes[i * kTokenBytes], &tokens[i].id, sizeof tokens[i].id);
        std::memcpy(&bytes[i * kTokenBytes + sizeof tokens[i].id], &tokens[i].logprob, sizeof tokens[i].logprob);
    }
    return bytes;
}

std::vector<TokenRow> unpack(std::string_view bytes) {
    std::vector<TokenRow> tokens(bytes.size() / kTokenBytes);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        std::memcpy(&tokens[i].id, &bytes[i * kTokenBytes], sizeof tokens[i].id);
        std::memcpy(&tokens[i].logprob, &bytes[i * kTokenBytes + sizeof tokens[i].id], sizeof tokens[i].logprob);
    }
    return tokens;
}

}  // namespace

void ItemTable::insert(std::int64_t run_task, const std::vector<ItemRow>& items) {
    for (const ItemRow& item : items) {
        add_item_.bind(run_task, item.doc, item.document_json, item.target, item.error);
        if (const auto id = add_item_.run_for_integer()) insert_one(*id, item);
    }
}

void ItemTable::insert_one(std::int64_t id, const ItemRow& item) {
    for (std::size_t position = 0; position < item.requests.size(); ++position) {
        const RequestRow& request = item.requests[position];
        add_request_
            .bind(id, position, request.kind, Blob{request.context}, Blob{request.continuation}, Blob{request.output},
                  request.finish, request.logprob, request.greedy, request.context_tokens, Blob{pack(request.tokens)})
            .run();
        if (request.cut_tokens != 0) add_cut_.bind(id, position, request.cut_tokens).run();
    }
    for (const ScoreRow& score : item.scores) {
        add_score_.bind(id, score.metric, score.value).run();
        if (!score.explanation.empty()) add_explanation_.bind(id, score.metric, score.explanation).run();
    }
    for (const AnswerRow& answer : item.answers) add_answer_.bind(id, answer.filter, Blob{answer.text}).run();
    for (const ScoreRow& score : item.later) insert_later(id, score);
}

void ItemTable::insert_later(std::int64_t id, const ScoreRow& score) {
    if (score.position) {
        add_answer_score_.bind(id, *score.position, score.scorer, score.metric, score.value, score.explanation).run();
    } else {
        add_later_score_.bind(id, score.scorer, score.metric, score.value, score.explanation).run();
    }
}

std::vector<std::uint64_t> ItemTable::finished(std::int64_t run_task) {
    std::vector<std::uint64_t> docs;
    finished_.bind(run_task);
    while (finished_.step()) docs.push_back(finished_.count(0));
    return docs;
}

std::optional<std::uint64_t> ItemTable::doc_at(std::int64_t run_task, std::uint64_t offset) {
    if (!doc_at_.bind(run_task, offset).step()) return std::nullopt;
    const std::uint64_t doc = doc_at_.count(0);
    doc_at_.run();
    return doc;
}

std::vector<ItemRow> ItemTable::page(std::int64_t run_task, std::int64_t scorer, std::uint64_t first_doc,
                                     std::int64_t limit) {
    std::vector<ItemRow> items;
    ItemRanges ranges;
    page_.bind(run_task, first_doc, limit);
    while (page_.step()) {
        ranges.add(page_.integer(0), items.size());
        items.push_back(ItemRow{.doc = page_.count(1),
                                .document_json = page_.text(2),
                                .target = page_.text(3),
                                .error = page_.text(4),
                                .requests = {},
                                .scores = {},
                                .answers = {},
                                .later = {}});
    }
    ranges.sort();
    read_requests(ranges, items);
    read_scores(ranges, scorer, items);
    read_later_scores(ranges, items);
    read_answers(ranges, items);
    return items;
}

void ItemTable::read_requests(const ItemRanges& ranges, std::vector<ItemRow>& items) {
    ranges.read(requests_, [&](std::size_t item) {
        items[item].requests.push_back({.kind = requests_.text(1),
                                        .context = requests_.text(2),
                                        .continuation = requests_.text(3),
                                        .output = requests_.text(4),
                                        .finish = requests_.text(5),
                                        .logprob = requests_.real(6),
                                        .greedy = requests_.integer(7) != 0,
                                        .context_tokens = static_cast<std::uint32_t>(requests_.count(8)),
                                        .tokens = unpack(requests_.view(9)),
                                        .cut_tokens = 0});
    });
    ranges.read(cuts_, [&](std::size_t item) { items[item].requests.at(cuts_.count(1)).cut_tokens = cuts_.count(2); });
}

void ItemTable::read_scores(const ItemRanges& ranges, std::int64_t scorer, std::vector<ItemRow>& items) {
    ranges.read(scores_, [&](std::size_t item) {
        items[item].scores.push_back(
            {.metric = scores_.text(1), .value = scores_.optional_real(2), .explanation = {}, .scorer = scorer});
    });
    ranges.read(explanations_, [&](std::size_t item) {
        for (ScoreRow& score : items[item].scores) {
            if (score.metric == explanations_.view(1)) score.explanation = explanations_.text(2);
        }
    });
}

void ItemTable::read_later_scores(const ItemRanges& ranges, std::vector<ItemRow>& items) {
    ranges.read(later_, [&](std::size_t item) {
        items[item].later.push_back({.metric = later_.text(2),
                                     .value = later_.optional_real(4),
                                     .explanation = later_.text(5),
                                     .scorer = later_.integer(1),
                                     .position = later_.is_null(3) ? std::nullopt : std::optional(later_.count(3))});
    });
}

void ItemTable::read_answers(const ItemRanges& ranges, std::vector<ItemRow>& items) {
    ranges.read(answers_, [&](std::size_t item) {
        items[item].answers.push_back({answers_.text(1), answers_.text(2)});
    });
}

}  // namespace harness::store
