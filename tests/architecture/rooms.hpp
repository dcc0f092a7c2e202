#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The allowed includes between the folders of the source tree, as data, and a check of `#include` lines against them.
namespace architecture {

/// A folder with everything below it that is not a room of its own; "FOLDER/*.cpp" means the sources directly in the
/// folder.
struct Room {
    std::string_view path;
    std::vector<std::string_view> may_include;  ///< rooms of the table, beside the room itself
};
using Table = std::vector<Room>;

/// The room of a file, by the longest matching path; null if no room of the table contains it.
const Room* room_of(const Table& table, std::string_view file);

/// The path in the quotes of an #include line; empty for every other line.
std::string_view included(std::string_view line);

/// An error message if `line` of `file` breaks the table, else empty. Lines and files outside the table's scope pass.
std::string forbidden(const Table& table, std::string_view file, std::string_view line);

/// A room that is part of an include cycle; empty if there is none.
std::string room_in_a_circle(const Table& table);

struct Line {
    std::string file;  ///< from the repository's root
    std::string text;
};
/// All lines of the sources and headers under a folder of the repository.
std::vector<Line> lines_under(const std::string& folder);

/// Checks a table: no cycle, every room exists and has files, no `#include` under `folder` breaks the table, and an
/// added forbidden `#include` is found. Fails the current test case otherwise.
void check_table(const Table& table, const std::string& folder);

}  // namespace architecture
