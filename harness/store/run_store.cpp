#include "harness/store/run_store.hpp"

#include <fmt/format.h>

#include <ctime>

#include "harness/base/number_from.hpp"
#include "harness/store/database.hpp"
#include "harness/store/item_table.hpp"
#include "harness/store/statement.hpp"
#include "harness/store/task_table.hpp"
#include "harness/store/transaction.hpp"

namespace harness::store {
namespace {

std::string now() {
    const std::time_t seconds = std::time(nullptr);
    std::tm utc = {};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                       utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::int64_t sql_limit(std::uint64_t limit) {
    return limit == 0 ? -1 : static_cast<std::int64_t>(limit);
}

/// SQL that selects the columns of runs that Impl::row reads; `which` is its end.
std::string run_sql(const char* which) {
    return fmt::format(R"sql(
        SELECT run.id, plan_hash, plan, model, model.name, variant, created, finished, numerics, device, driver,
               engine_version, settings, warnings
        FROM run JOIN model ON fingerprint = model {})sql",
                       which);
}

}  // namespace

class RunStore::Impl {
public:
    explicit Impl(const Database& database) : db(database) {}

    static RunRow row(const Statement& read) {
        return {.id = read.integer(0),
                .plan_hash = read.text(1),
                .plan_json = read.text(2),
                .model_fingerprint = read.text(3),
                .model_name = read.text(4),
                .variant = read.text(5),
                .created = read.text(6),
                .finished = read.text(7),
                .numerics = read.text(8),
                .device = read.text(9),
                .driver = read.text(10),
                .engine_version = read.text(11),
                .settings_json = read.text(12),
                .warnings_json = read.text(13)};
    }

    static std::vector<RunRow> rows(Statement& read) {
        std::vector<RunRow> rows;
        while (read.step()) rows.push_back(row(read));
        return rows;
    }

    RunRow insert_run(const ModelRow& model, const RunRow& plan) {
        add_model.bind(model.fingerprint, model.name, model.source, model.card_json).run();
        add_run
            .bind(plan.plan_hash, plan.plan_json, model.fingerprint, plan.variant,
                  plan.created.empty() ? now() : plan.created, plan.numerics, plan.device, plan.driver,
                  plan.engine_version, plan.settings_json, plan.warnings_json)
            .run();
        return rows(run_of_plan.bind(plan.plan_hash)).at(0);
    }

    const Database& db;
    TaskTable task_table{db};
    ItemTable item_table{db};
    Statement add_model{db, "INSERT INTO model VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"};
    Statement add_run{db, R"sql(
        INSERT INTO run (plan_hash, plan, model, variant, created, numerics, device, driver, engine_version, settings,
                         warnings)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING)sql"};
    Statement finish{db, "UPDATE run SET finished = ?2 WHERE id = ?1 AND finished IS NULL"};
    Statement all_runs{db, run_sql("ORDER BY run.id").c_str()};
    Statement last_run{db, run_sql("ORDER BY run.id DESC LIMIT 1").c_str()};
    Statement run_of_id{db, run_sql("WHERE run.id = ?1").c_str()};
    Statement run_of_plan{db, run_sql("WHERE plan_hash = ?1").c_str()};
    Statement runs_of_prefix{db, run_sql("WHERE substr(plan_hash, 1, length(?1)) = ?1 LIMIT 2").c_str()};
    Statement one_model{db, "SELECT fingerprint, name, source, card FROM model WHERE fingerprint = ?1"};
    Statement scorer_of_task{db, "SELECT scorer FROM run_task WHERE id = ?1"};
    Statement add_shard{db, R"sql(
        INSERT INTO shard (run, part, parts, created, finished) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET
            created = CASE WHEN created = '' OR excluded.created <> '' AND excluded.created < created
                           THEN excluded.created ELSE created END,
            finished = max(finished, excluded.finished))sql"};
    Statement shards{db, "SELECT part, parts, created, finished FROM shard WHERE run = ?1 ORDER BY parts, part"};
    Statement errors{db, R"sql(
        SELECT item.run_task, item.error, count(*), min(doc)
        FROM run_task JOIN item ON item.run_task = run_task.id
        WHERE run_task.run = ?1 AND item.error <> '' GROUP BY 1, 2 ORDER BY 1, 4)sql"};
    // A token has 12 bytes: see item_table.cpp.
    Statement tokens{db, R"sql(
        SELECT coalesce(sum(context_tokens), 0), coalesce(sum(length(tokens) / 12), 0)
        FROM run_task JOIN item ON item.run_task = run_task.id JOIN request ON request.item = item.id
        WHERE run_task.run = ?1)sql"};
    Statement documents{db, "SELECT doc, document, target FROM item WHERE run_task = ?1 ORDER BY doc LIMIT ?2"};

    /// The task's own scorer; 0 if there is no such task.
    std::int64_t own_scorer(std::int64_t run_task) {
        return scorer_of_task.bind(run_task).run_for_integer().value_or(0);
    }
};

RunStore::RunStore(const Database& database) : impl_(std::make_unique<Impl>(database)) {}
RunStore::~RunStore() = default;
RunStore::RunStore(RunStore&&) noexcept = default;

RunRow RunStore::open_run(const ModelRow& model, const RunRow& plan, const std::vector<RunTaskRow>& tasks,
                          const std::vector<GroupRow>& groups) {
    Transaction transaction(impl_->db);
    RunRow run = impl_->insert_run(model, plan);
    for (const RunTaskRow& task : tasks) impl_->task_table.insert(run.id, task);
    for (const GroupRow& group : groups) impl_->task_table.insert(run.id, group);
    transaction.commit();
    return run;
}

RunRow RunStore::import_run(const ModelRow& model, const RunRow& plan, const std::vector<ImportedTask>& tasks) {
    Transaction transaction(impl_->db);
    const RunRow run = impl_->insert_run(model, plan);
    if (run.finished.empty()) {
        for (const ImportedTask& task : tasks) {
            RunTaskRow row = task.task;
            if (task.graded == GradedBy::Elsewhere) row.scorer.kind = "import";
            impl_->task_table.insert(run.id, row);
        }
        const std::vector<RunTaskRow> rows = this->tasks(run.id);
        bool whole = true;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            impl_->item_table.insert(rows[i].id, tasks.at(i).items);
            whole = whole && tasks[i].items.size() >= rows[i].planned_items;
        }
        if (whole) finish_run(run.id);
    }
    transaction.commit();
    return Impl::rows(impl_->run_of_id.bind(run.id)).at(0);
}

void RunStore::finish_run(std::int64_t run, const std::string& finished) {
    Transaction transaction(impl_->db);
    impl_->finish.bind(run, finished.empty() ? now() : finished).run();
    transaction.commit();
}

void RunStore::add_items(std::int64_t run_task, const std::vector<ItemRow>& items) {
    Transaction transaction(impl_->db);
    impl_->item_table.insert(run_task, items);
    transaction.commit();
}

std::vector<std::uint64_t> RunStore::finished_docs(std::int64_t run_task) const {
    return impl_->item_table.finished(run_task);
}

void RunStore::begin_shard(std::int64_t run, std::uint64_t part, std::uint64_t parts) {
    add_shard(run, {.part = part, .parts = parts, .created = now(), .finished = ""});
}

void RunStore::finish_shard(std::int64_t run, std::uint64_t part, std::uint64_t parts) {
    const std::string date = now();
    add_shard(run, {.part = part, .parts = parts, .created = date, .finished = date});
}

void RunStore::add_shard(std::int64_t run, const ShardRow& shard) {
    Transaction transaction(impl_->db);
    impl_->add_shard.bind(run, shard.part, shard.parts, shard.created, shard.finished).run();
    transaction.commit();
}

TokenCounts RunStore::token_counts(std::int64_t run) const {
    Statement& read = impl_->tokens.bind(run);
    TokenCounts counts;
    while (read.step()) counts = {.prompts = read.count(0), .answers = read.count(1)};
    return counts;
}

std::vector<ShardRow> RunStore::shards(std::int64_t run) const {
    std::vector<ShardRow> found;
    Statement& read = impl_->shards.bind(run);
    while (read.step()) found.push_back({read.count(0), read.count(1), read.text(2), read.text(3)});
    return found;
}

std::vector<RunRow> RunStore::runs() const {
    std::vector<RunRow> rows = Impl::rows(impl_->all_runs.bind());
    impl_->db.check_unchanged();
    return rows;
}

RunRow RunStore::find_run(std::string_view reference) const {
    constexpr std::size_t kMinPrefix = 4;
    if (reference == "latest") {
        const std::vector<RunRow> last = Impl::rows(impl_->last_run.bind());
        if (!last.empty()) return last[0];
    }
    if (const auto id = base::number_from<std::int64_t>(reference)) {
        const std::vector<RunRow> found = Impl::rows(impl_->run_of_id.bind(*id));
        if (!found.empty()) return found[0];
    }
    std::vector<RunRow> found;
    if (reference.size() >= kMinPrefix) found = Impl::rows(impl_->runs_of_prefix.bind(reference));
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

std::vector<RunTaskRow> RunStore::tasks(std::int64_t run) const {
    std::vector<RunTaskRow> rows = impl_->task_table.tasks(run);
    impl_->db.check_unchanged();
    return rows;
}

std::vector<GroupRow> RunStore::groups(std::int64_t run) const {
    return impl_->task_table.groups(run);
}

std::vector<ErrorCount> RunStore::errors(std::int64_t run) const {
    std::vector<ErrorCount> found;
    Statement& read = impl_->errors.bind(run);
    while (read.step()) found.push_back({read.integer(0), read.text(1), read.count(2), read.count(3)});
    impl_->db.check_unchanged();
    return found;
}

std::vector<ItemRow> RunStore::items(std::int64_t run_task, std::uint64_t offset, std::uint64_t limit) const {
    const std::optional<std::uint64_t> first = impl_->item_table.doc_at(run_task, offset);
    if (!first) return {};
    return page(run_task, *first, limit);
}

std::vector<ItemRow> RunStore::page(std::int64_t run_task, std::uint64_t first_doc, std::uint64_t limit) const {
    std::vector<ItemRow> items =
        impl_->item_table.page(run_task, impl_->own_scorer(run_task), first_doc, sql_limit(limit));
    impl_->db.check_unchanged();
    return items;
}

std::optional<ItemRow> RunStore::item(std::int64_t run_task, std::uint64_t doc) const {
    std::vector<ItemRow> rows = page(run_task, doc, 1);
    if (rows.empty() || rows[0].doc != doc) return std::nullopt;
    return std::move(rows[0]);
}

std::vector<DocumentRow> RunStore::documents(std::int64_t run_task, std::optional<std::uint64_t> limit) const {
    constexpr std::int64_t kAll = -1;
    std::vector<DocumentRow> rows;
    Statement& read = impl_->documents.bind(run_task, limit ? static_cast<std::int64_t>(*limit) : kAll);
    while (read.step()) rows.push_back({read.count(0), read.text(1), read.text(2)});
    impl_->db.check_unchanged();
    return rows;
}

const Database& RunStore::database() const {
    return impl_->db;
}

}  // namespace harness::store
