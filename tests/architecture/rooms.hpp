#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The arrows between the rooms of the source tree, as data, and what checks `#include` lines against them.
namespace architecture {

/// A folder with everything below it that is not a room of its own; "FOLDER/*.cpp" is the sources that lie in the
/// folder itself.
struct Room {
    std::string_view path;
    std::vector<std::string_view> may_include;  ///< rooms of the table, beside the room itself
};
using Table = std::vector<Room>;

/// The room of a file, by the longest path; null when no room of the table holds it.
const Room* room_of(const Table& table, std::string_view file);

/// The path in the quotes of an #include line; empty for every other line.
std::string_view included(std::string_view line);

/// Why `line` of `file` breaks the table, for a message; empty when it does not. Lines and files that are no concern of
/// the table pass.
std::string forbidden(const Table& table, std::string_view file, std::string_view line);

/// A room that can be reached from itself over the arrows; empty when there is none.
std::string room_in_a_circle(const Table& table);

struct Line {
    std::string file;  ///< from the repository's root
    std::string text;
};
/// All lines of the sources and headers under a folder of the repository.
std::vector<Line> lines_under(const std::string& folder);

/// For the test of each table: no circle, every room exists and holds files, no `#include` under `folder` breaks the
/// table, and one that is planted into a room for a room that it may not know is found. Fails the running test case
/// otherwise.
void check_table(const Table& table, const std::string& folder);

}  // namespace architecture
