#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

enum class Better { Higher, Lower };

/// A line of the table. `key` names it in options and files.
struct Row {
    std::string key;
    std::string title;
    std::string unit;
    Better better = Better::Higher;
    double goal = 0;               ///< 0: none
    bool goal_is_of_peer = false;  ///< the goal is a multiple of the peer's value
    std::string peer = {};         ///< key of the peer's values; empty: no peer has such a thing
    int digits = 2;
};

/// Items of each run that the goals of the commands on a database are for.
constexpr std::uint64_t kGoalItems = 1'000'000;

/// All rows in the order of the table. Databases of another size have no goals.
std::vector<Row> all_rows(std::uint64_t items = kGoalItems);

/// Values of one row, by who was measured: "ours" or "peer".
class Values {
public:
    void add(const std::string& who, const std::string& key, double value) { values_[who][key].push_back(value); }
    /// Sorted; empty: not measured.
    std::vector<double> of(const std::string& who, const std::string& key) const;

    /// Adds what a file holds, one JSON object a line: {"who": ..., "key": ..., "value": ...}. A missing file is empty.
    void read(const std::string& path);

private:
    std::map<std::string, std::map<std::string, std::vector<double>>> values_;
};

/// The line for such a file.
std::string line_of(const std::string& who, const std::string& key, double value);

double median_of(const std::vector<double>& sorted);

/// Whether the median reaches the goal; nullopt without a goal or without what it is compared with.
std::optional<bool> reached(const Row& row, const Values& values);

/// The table with min, median and max, or, as Markdown, with the median and the range.
enum class Form { Terminal, Markdown };
std::string table_of(const std::vector<Row>& rows, const Values& values, Form form);

/// What exact numerics cost, from the rows that were measured in both.
std::string promise_of(const Values& values, Form form);

}  // namespace bench
