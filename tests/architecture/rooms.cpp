#include "tests/architecture/rooms.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

namespace architecture {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSources = "/*.cpp";

bool holds(const Room& room, std::string_view file) {
    if (!room.path.ends_with(kSources)) return file.starts_with(std::string(room.path) + "/");
    const std::string_view folder = room.path.substr(0, room.path.size() - kSources.size());
    return file.ends_with(".cpp") && file.substr(0, file.find_last_of('/')) == folder;
}

/// The path of an imaginary file in the folder.
std::string planted_file(const Room& room) {
    const bool sources = room.path.ends_with(kSources);
    return std::string(room.path.substr(0, room.path.find(kSources))) + (sources ? "/planted.cpp" : "/planted.hpp");
}

bool may_include(const Room& from, const Room& to) {
    return &from == &to ||
           std::find(from.may_include.begin(), from.may_include.end(), to.path) != from.may_include.end();
}

/// The room's rules name rooms of the table, and a planted include is found just if they forbid it.
void check_rules(const Table& table, const Room& room) {
    for (const std::string_view named : room.may_include)
        CHECK(std::any_of(table.begin(), table.end(), [&](const Room& other) { return other.path == named; }));
    for (const Room& other : table) {
        if (other.path.ends_with(kSources)) continue;  // sources are never included
        const std::string planted = "#include \"" + planted_file(other) + "\"";
        INFO("planted: ", planted);
        CHECK(forbidden(table, planted_file(room), planted).empty() == may_include(room, other));
    }
}

}  // namespace

const Room* room_of(const Table& table, std::string_view file) {
    const Room* found = nullptr;
    for (const Room& room : table) {
        if (holds(room, file) && (found == nullptr || room.path.size() > found->path.size())) found = &room;
    }
    return found;
}

std::string_view included(std::string_view line) {
    constexpr std::string_view kStart = "#include \"";
    if (!line.starts_with(kStart)) return {};
    line.remove_prefix(kStart.size());
    return line.substr(0, line.find('"'));
}

std::string forbidden(const Table& table, std::string_view file, std::string_view line) {
    const std::string_view target = included(line);
    const Room* from = room_of(table, file);
    const Room* to = room_of(table, target);
    if (from == nullptr || to == nullptr || may_include(*from, *to)) return {};
    return std::string(file) + " includes " + std::string(target) + ", but " + std::string(from->path) +
           " may not know " + std::string(to->path);
}

std::string room_in_a_circle(const Table& table) {
    for (const Room& start : table) {
        std::set<std::string_view> seen;
        const std::function<bool(std::string_view)> reaches_start = [&](std::string_view path) {
            if (!seen.insert(path).second) return false;
            const auto room = std::find_if(table.begin(), table.end(), [&](const Room& r) { return r.path == path; });
            if (room == table.end()) return false;
            return std::any_of(room->may_include.begin(), room->may_include.end(),
                               [&](std::string_view next) { return next == start.path || reaches_start(next); });
        };
        if (reaches_start(start.path)) return std::string(start.path);
    }
    return {};
}

std::vector<Line> lines_under(const std::string& folder) {
    const fs::path root = BELLWETHER_SOURCE_DIR;
    std::vector<Line> lines;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
        const std::string extension = entry.path().extension().string();
        if (!entry.is_regular_file() || (extension != ".cpp" && extension != ".hpp" && extension != ".h")) continue;
        const std::string name = fs::relative(entry.path(), root).string();
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) lines.push_back({name, line});
    }
    return lines;
}

void check_table(const Table& table, const std::string& folder) {
    CHECK(room_in_a_circle(table).empty());
    std::set<std::string_view> inhabited;
    for (const Line& line : lines_under(folder)) {
        if (!included(line.text).empty()) CHECK(forbidden(table, line.file, line.text) == "");
        if (const Room* room = room_of(table, line.file)) inhabited.insert(room->path);
    }
    for (const Room& room : table) {
        INFO("room ", room.path);
        CHECK(inhabited.contains(room.path));
        check_rules(table, room);
    }
}

}  // namespace architecture
