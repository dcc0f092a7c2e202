#include "harness/store/run_store.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <ctime>

#include "harness/store/database.hpp"

namespace harness::store {
namespace {

std::string now() {
    const std::time_t seconds = std::time(nullptr);
    std::tm utc = {};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                       utc.tm_hour, utc.tm_min, utc.tm_sec);
}

constexpr std::size_t kTokenBytes = sizeof(std::int32_t) + sizeof(double);

std::string pack(const std::vector<TokenRow>& tokens) {
    std::string bytes(tokens.size() * kTokenBytes, '\0');
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        std::memcpy(&bytes[i * kTokenBytes], &tokens[i].id, sizeof tokens[i].id);
        std::memcpy(&bytes[i * kTokenBytes + 4], &tokens[i].logprob, sizeof tokens[i].logprob);
    }
    return bytes;
}

std::vector<TokenRow> unpack(const std::string& bytes) {
    std::vector<TokenRow> tokens(bytes.size() / kTokenBytes);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        std::memcpy(&tokens[i].id, &bytes[i * kTokenBytes], sizeof tokens[i].id);
        std::memcpy(&tokens[i].logprob, &bytes[i * kTokenBytes + 4], sizeof tokens[i].logprob);
    }
    return tokens;
}

}  // namespace

class RunStore::Impl {
public:
    explicit Impl(const std::string& path) : db(path) {}

    RunRow run_row() {
        return {.id = all_runs.integer(0),
                .plan_hash = all_runs.text(1),
                .plan_json = all_runs.text(2),
                .model_fingerprint = all_runs.text(3),
                .model_name = all_runs.text(7),
                .variant = all_runs.text(4),
                .created = all_runs.text(5),
                .finished = all_runs.text(6)};
    }

    std::vector<RunRow> runs() {
        std::vector<RunRow> rows;
        all_runs.bind();
        while (all_runs.step()) rows.push_back(run_row());
        return rows;
    }

    void read_scores(std::int64_t id, ItemRow& item) {
        scores.bind(id);
        while (scores.step())
            item.scores.push_back({scores.text(0), scores.is_null(1) ? std::nullopt : std::optional(scores.real(1))});
    }

    void read_requests(std::int64_t id, ItemRow& item) {
        requests.bind(id);
        while (requests.step()) {
            item.requests.push_back({.kind = requests.text(0),
                                     .context = requests.text(1),
                                     .continuation = requests.text(2),
                                     .output = requests.text(3),
                                     .finish = requests.text(4),
                                     .logprob = requests.real(5),
                                     .greedy = requests.integer(6) != 0,
                                     .context_tokens = static_cast<std::uint32_t>(requests.integer(7)),
                                     .tokens = unpack(requests.text(8))});
        }
    }

    /// Items from `first_doc` on; `whole` reads the requests too.
    std::vector<ItemRow> items(std::int64_t run_task, std::uint64_t offset, std::int64_t limit, bool whole) {
        std::vector<std::pair<std::int64_t, ItemRow>> rows;
        page.bind(run_task, limit, offset);
        while (page.step()) {
            rows.push_back({page.integer(0),
                            {.doc = static_cast<std::uint64_t>(page.integer(1)),
                             .document_json = page.text(2),
                             .target = page.text(3),
                             .error = page.text(4),
                             .requests = {},
                             .scores = {}}});
        }
        std::vector<ItemRow> result;
        for (auto& [id, item] : rows) {
            if (whole) read_requests(id, item);
            read_scores(id, item);
            result.push_back(std::move(item));
        }
        return result;
    }

    void insert_items(std::int64_t run_task, const std::vector<ItemRow>& items) {
        for (const ItemRow& item : items) {
            add_item.bind(run_task, item.doc, item.document_json, item.target, item.error);
            if (!add_item.step()) continue;
            const std::int64_t id = add_item.integer(0);
            add_item.run();
            for (std::size_t position = 0; position < item.requests.size(); ++position) {
                const RequestRow& request = item.requests[position];
                add_request
                    .bind(id, position, request.kind, Blob{request.context}, Blob{request.continuation},
                          Blob{request.output}, request.finish, request.logprob, request.greedy, request.context_tokens,
                          Blob{pack(request.tokens)})
                    .run();
            }
            for (const ScoreRow& score : item.scores) add_score.bind(id, score.metric, score.value).run();
        }
    }

    void insert_run(const ModelRow& model, const RunRow& plan) {
        add_model.bind(model.fingerprint, model.name, model.source, model.card_json).run();
        add_run.bind(plan.plan_hash, plan.plan_json, model.fingerprint, plan.variant, now()).run();
    }

    void insert_task(std::int64_t run, const RunTaskRow& task) {
        add_task
            .bind(run, task.task, task.version, task.profile, task.fewshot, task.definition_json, task.planned_items)
            .run();
    }

    Database db;
    Statement add_model{db, "INSERT INTO model VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"};
    Statement add_run{db,
                      "INSERT INTO run (plan_hash, plan, model, variant, created) VALUES (?1, ?2, ?3, ?4, ?5) ON "
                      "CONFLICT DO NOTHING"};
    Statement add_task{db, R"sql(
        INSERT INTO run_task (run, task, version, profile, fewshot, definition, planned_items)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING)sql"};
    Statement all_runs{db, R"sql(
        SELECT run.id, plan_hash, plan, model, variant, created, finished, model.name
        FROM run JOIN model ON fingerprint = model ORDER BY run.id)sql"};
    Statement run_tasks{db,
                        "SELECT id, task, version, profile, fewshot, definition, planned_items FROM run_task WHERE run "
                        "= ?1 ORDER BY id"};
    Statement docs{db, "SELECT doc FROM item WHERE run_task = ?1 ORDER BY doc"};
    Statement add_item{db,
                       "INSERT INTO item (run_task, doc, document, target, error) VALUES (?1, ?2, ?3, ?4, ?5) ON "
                       "CONFLICT DO NOTHING RETURNING id"};
    Statement add_request{db, "INSERT INTO request VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"};
    Statement add_score{db, "INSERT INTO score VALUES (?1, ?2, ?3)"};
    Statement add_shard{db, "INSERT INTO shard VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"};
    Statement shards{db, "SELECT part, parts FROM shard WHERE run = ?1 ORDER BY parts, part"};
    Statement finish{db, "UPDATE run SET finished = ?2 WHERE id = ?1 AND finished IS NULL"};
    Statement one_model{db, "SELECT fingerprint, name, source, card FROM model WHERE fingerprint = ?1"};
    Statement page{
        db, "SELECT id, doc, document, target, error FROM item WHERE run_task = ?1 ORDER BY doc LIMIT ?2 OFFSET ?3"};
    Statement before{db, "SELECT count(*) FROM item WHERE run_task = ?1 AND doc < ?2"};
    Statement requests{db, R"sql(
        SELECT kind, context, continuation, output, finish, logprob, greedy, context_tokens, tokens
        FROM request WHERE item = ?1 ORDER BY position)sql"};
    Statement scores{db, "SELECT metric, value FROM score WHERE item = ?1 ORDER BY metric"};
};

RunStore::RunStore(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
RunStore::~RunStore() = default;
RunStore::RunStore(RunStore&&) noexcept = default;

RunRow RunStore::open_run(const ModelRow& model, const RunRow& plan, const std::vector<RunTaskRow>& tasks) {
    Transaction transaction(impl_->db);
    impl_->insert_run(model, plan);
    const RunRow run = find_run(plan.plan_hash);
    for (const RunTaskRow& task : tasks) impl_->insert_task(run.id, task);
    transaction.commit();
    return run;
}

std::vector<RunTaskRow> RunStore::tasks(std::int64_t run) const {
    std::vector<RunTaskRow> rows;
    Statement& read = impl_->run_tasks.bind(run);
    while (read.step()) {
        rows.push_back({.id = read.integer(0),
                        .task = read.text(1),
                        .version = static_cast<std::uint32_t>(read.integer(2)),
                        .profile = read.text(3),
                        .fewshot = static_cast<std::uint32_t>(read.integer(4)),
                        .definition_json = read.text(5),
                        .planned_items = static_cast<std::uint64_t>(read.integer(6))});
    }
    return rows;
}

std::vector<std::uint64_t> RunStore::finished_docs(std::int64_t run_task) const {
    std::vector<std::uint64_t> found;
    impl_->docs.bind(run_task);
    while (impl_->docs.step()) found.push_back(static_cast<std::uint64_t>(impl_->docs.integer(0)));
    return found;
}

void RunStore::add_items(std::int64_t run_task, const std::vector<ItemRow>& items) {
    Transaction transaction(impl_->db);
    impl_->insert_items(run_task, items);
    transaction.commit();
}

RunRow RunStore::import_run(const ModelRow& model, const RunRow& plan, const std::vector<ImportedTask>& tasks) {
    Transaction transaction(impl_->db);
    impl_->insert_run(model, plan);
    const RunRow run = find_run(plan.plan_hash);
    if (run.finished.empty()) {
        for (const ImportedTask& task : tasks) impl_->insert_task(run.id, task.task);
        const std::vector<RunTaskRow> rows = this->tasks(run.id);
        bool whole = true;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            impl_->insert_items(rows[i].id, tasks.at(i).items);
            whole = whole && tasks[i].items.size() >= rows[i].planned_items;
        }
        if (whole) finish_run(run.id);
    }
    transaction.commit();
    return find_run(plan.plan_hash);
}

void RunStore::finish_run(std::int64_t run) {
    impl_->finish.bind(run, now()).run();
}

void RunStore::add_shard(std::int64_t run, const ShardRow& shard) {
    impl_->add_shard.bind(run, shard.part, shard.parts).run();
}

std::vector<ShardRow> RunStore::shards(std::int64_t run) const {
    std::vector<ShardRow> found;
    Statement& read = impl_->shards.bind(run);
    while (read.step())
        found.push_back({static_cast<std::uint64_t>(read.integer(0)), static_cast<std::uint64_t>(read.integer(1))});
    return found;
}

std::vector<RunRow> RunStore::runs() const {
    return impl_->runs();
}

RunRow RunStore::find_run(std::string_view reference) const {
    const std::vector<RunRow> all = impl_->runs();
    if (reference == "latest" && !all.empty()) return all.back();
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(reference.data(), reference.data() + reference.size(), id);
    const bool is_number = error == std::errc{} && end == reference.data() + reference.size();
    std::vector<RunRow> found;
    for (const RunRow& run : all) {
        if (is_number && run.id == id) return run;
        if (reference.size() >= 4 && run.plan_hash.starts_with(reference)) found.push_back(run);
    }
    if (found.size() == 1) return found[0];
    throw NoSuchRunError(
        fmt::format("{}: {} run is '{}'", impl_->db.path(), found.empty() ? "no" : "more than one", reference));
}

ModelRow RunStore::model(std::string_view fingerprint) const {
    Statement& read = impl_->one_model.bind(fingerprint);
    if (!read.step()) throw StoreError(fmt::format("{}: there is no model {}", impl_->db.path(), fingerprint));
    ModelRow row{read.text(0), read.text(1), read.text(2), read.text(3)};
    read.run();
    return row;
}

std::vector<ItemRow> RunStore::items(std::int64_t run_task, std::uint64_t offset, std::uint64_t limit) const {
    return impl_->items(run_task, offset, limit == 0 ? -1 : static_cast<std::int64_t>(limit), true);
}

std::optional<ItemRow> RunStore::item(std::int64_t run_task, std::uint64_t doc) const {
    impl_->before.bind(run_task, doc).step();
    const auto offset = static_cast<std::uint64_t>(impl_->before.integer(0));
    impl_->before.run();
    std::vector<ItemRow> rows = impl_->items(run_task, offset, 1, true);
    if (rows.empty() || rows[0].doc != doc) return std::nullopt;
    return std::move(rows[0]);
}

std::vector<ItemRow> RunStore::item_scores(std::int64_t run_task) const {
    return impl_->items(run_task, 0, -1, false);
}

}  // namespace harness::store
