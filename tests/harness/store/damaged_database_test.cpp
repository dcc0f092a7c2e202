#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>

#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"
#include "tests/harness/store/filled.hpp"
#include "tests/harness/store/raw_sqlite.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

namespace {

/// Reads everything; returns "read", or the error.
std::string read_all(const std::string& path) {
    try {
        const Database database(path, OpenMode::ReadOnly);
        const RunStore store(database);
        for (const RunRow& run : store.runs()) {
            ScoreStore(database).columns(run.id);
            store.shards(run.id);
            store.groups(run.id);
            store.errors(run.id);
            for (const RunTaskRow& task : store.tasks(run.id)) store.items(task.id);
        }
        return "read";
    } catch (const StoreError& error) {
        return error.what();
    }
}

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("tables that do not match the schema are refused by column and nothing runs forever") {
        const Temporary folder;
        fill(folder / "good.sqlite");
        const struct {
            const char* sql;
            const char* column;
        } kTampered[] = {
            {"DROP TABLE run_group_member; DROP TABLE run_group", "run_group."},
            {"ALTER TABLE item DROP COLUMN target", "item.target TEXT"},
            {"ALTER TABLE shard RENAME COLUMN parts TO portions", "shard.parts INTEGER"},
            {"ALTER TABLE run RENAME TO old; CREATE VIEW run AS WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + "
             "1 "
             "FROM r) SELECT n AS id, 'p' AS plan_hash, '{}' AS plan, 'f00d' AS model, 'v' AS variant, 'c' AS created, "
             "NULL AS finished FROM r",
             "run."},
            {"ALTER TABLE shard DROP COLUMN finished; ALTER TABLE shard ADD COLUMN finished TEXT AS (parts || part)",
             "shard.finished TEXT"},
        };
        for (const auto& tampered : kTampered) {
            const char* sql = tampered.sql;
            const char* column = tampered.column;
            CAPTURE(std::string(sql));
            const std::string path = folder / "tampered.sqlite";
            std::filesystem::copy_file(folder / "good.sqlite", path, std::filesystem::copy_options::overwrite_existing);
            RawSqlite(path).run(std::string("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; ") + sql);
            const std::string message = read_all(path);
            CAPTURE(message);
            CHECK(message.find(" but has no column " + std::string(column)) != std::string::npos);
            for (const OpenMode mode : {OpenMode::ReadOnly, OpenMode::ReadWrite})
                CHECK_THROWS_AS(Database(path, mode), WrongFileError);
        }
    }

    TEST_CASE("triggers of a file never run") {
        const Temporary folder;
        fill(folder / "a.sqlite");
        RawSqlite(folder / "a.sqlite")
            .run("CREATE TRIGGER t AFTER INSERT ON item BEGIN UPDATE score SET value = 0.25; END");
        const Database database(folder / "a.sqlite", OpenMode::ReadWrite);
        RunStore store(database);
        store.add_items(1, {item(2)});
        CHECK(store.item(1, 0)->scores.at(0).value == 1.0);
    }

    TEST_CASE("statements hidden in a file's schema are not executed") {
        const Temporary folder;
        make_old_database(folder / "a.sqlite", 2);
        RawSqlite(folder / "a.sqlite")
            .run("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = sql || '; ATTACH ''" + (folder / "made") +
                 "'' AS made; CREATE TABLE made.t (x)' WHERE name = 'shard'");
        CHECK(read_all(folder / "a.sqlite") == "read");
        CHECK_FALSE(std::filesystem::exists(folder / "made"));
    }

    TEST_CASE("impossible counts are an error that names the column") {
        const Temporary folder;
        const struct {
            const char* sql;
            const char* message;
        } kTampered[] = {
            {"UPDATE run_task SET planned_items = -1", "run_task.planned_items is -1, expected a non-negative integer"},
            {"UPDATE run_task SET fewshot = -7", "run_task.fewshot is -7"},
            {"UPDATE item SET doc = -5 WHERE id = 1", "item.doc is -5"},
            {"INSERT INTO shard VALUES (1, -1, 3, '', '')", "shard.part is -1"},
        };
        for (const auto& tampered : kTampered) {
            const char* sql = tampered.sql;
            CAPTURE(std::string(sql));
            const std::string path = folder / "a.sqlite";
            std::filesystem::remove(path);
            fill(path);
            RawSqlite(path).run(sql);
            const std::string message = read_all(path);
            CAPTURE(message);
            CHECK(message.find(tampered.message) != std::string::npos);
        }
    }

    TEST_CASE("values of any size and text are read quickly") {
        const Temporary folder;
        for (const char* sql :
             {"UPDATE run SET plan = 'not json', settings = '[', warnings = 'x'",
              "UPDATE run_task SET definition = replace(hex(zeroblob(300000)), '00', '[')",
              "UPDATE item SET document = replace(hex(zeroblob(300000)), '00', '[')", "UPDATE score SET value = 9e999",
              "UPDATE run_task SET planned_items = 9223372036854775807",
              "UPDATE item SET doc = 9223372036854775807 WHERE id = 1",
              "INSERT INTO request VALUES (1, 0, 'choice', x'', x'', x'', '', 0, 0, 1, x'010203')",
              "INSERT INTO shard VALUES (1, 1, 9223372036854775807, '', '')", "DELETE FROM run_task",
              "UPDATE model SET name = CAST(x'ff00fe' AS TEXT)", "DELETE FROM model"}) {
            CAPTURE(std::string(sql));
            const std::string path = folder / "a.sqlite";
            std::filesystem::remove(path);
            fill(path);
            RawSqlite(path).run(std::string("PRAGMA foreign_keys = OFF; ") + sql);
            const auto start = std::chrono::steady_clock::now();
            CHECK(read_all(path) == "read");
            CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
        }
    }
}
