#pragma once

#include <doctest/doctest.h>

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

/// A separate connection, to create files as another program would, and to inspect ours.
class RawSqlite {
public:
    explicit RawSqlite(const std::string& path) { REQUIRE(sqlite3_open(path.c_str(), &connection_) == SQLITE_OK); }
    RawSqlite(const RawSqlite&) = delete;
    RawSqlite& operator=(const RawSqlite&) = delete;
    ~RawSqlite() { sqlite3_close(connection_); }

    void run(const std::string& sql) {
        char* message = nullptr;
        const int code = sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, &message);
        INFO(sql, ": ", std::string(message == nullptr ? "" : message));
        REQUIRE(code == SQLITE_OK);
        sqlite3_free(message);
    }

    /// Rows with "|" between columns; NULL is "NULL".
    std::vector<std::string> rows(const std::string& sql) {
        std::vector<std::string> rows;
        const auto add = [](void* found, int columns, char** values, char**) {
            std::string row;
            for (int i = 0; i < columns; ++i)
                row += (i == 0 ? "" : "|") + std::string(values[i] == nullptr ? "NULL" : values[i]);
            static_cast<std::vector<std::string>*>(found)->push_back(row);
            return 0;
        };
        REQUIRE(sqlite3_exec(connection_, sql.c_str(), add, &rows, nullptr) == SQLITE_OK);
        return rows;
    }

private:
    sqlite3* connection_ = nullptr;
};

inline std::string file_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A database of an older schema, as the released migrations made it.
inline void make_old_database(const std::string& path, int schema) {
    RawSqlite raw(path);
    raw.run("PRAGMA journal_mode = WAL");
    std::set<std::string> files;  // in the order of their numbers
    for (const auto& entry : std::filesystem::directory_iterator(BELLWETHER_SOURCE_DIR "/harness/store/migrations"))
        files.insert(entry.path().string());
    auto next = files.begin();
    for (int i = 0; i < schema; ++i) raw.run(file_text(*next++));
    raw.run("PRAGMA user_version = " + std::to_string(schema));
}
