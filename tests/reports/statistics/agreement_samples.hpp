#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "reports/statistics/agreement.hpp"

namespace reports_test {

/// Folder of the public data sets; empty where it is not set.
inline std::string shared_data() {
    const char* folder = std::getenv("BELLWETHER_SHARED");
    return folder == nullptr ? "" : std::string(folder) + "/data";
}

/// Cells of a line.
inline std::vector<std::string> cells(const std::string& line, char separator) {
    std::vector<std::string> result;
    std::string cell;
    std::istringstream stream(line);
    while (std::getline(stream, cell, separator)) {
        while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\r')) cell.pop_back();
        result.push_back(cell);
    }
    return result;
}

/// A table of ratings with a header line; the columns Group, Unit and Units do not count. Numbers are their own scores,
/// letters are scored 1, 2, ... in alphabetical order.
inline reports::statistics::Ratings read_ratings(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> header = cells(line, ',');
    std::vector<std::vector<std::string>> rows;
    std::set<std::string> names;
    while (std::getline(file, line)) {
        std::vector<std::string> row = cells(line, ',');
        row.resize(header.size());
        rows.emplace_back();
        for (std::size_t column = 0; column < header.size(); ++column) {
            if (header[column] == "Group" || header[column].substr(0, 4) == "Unit") continue;
            rows.back().push_back(row[column]);
            if (!row[column].empty()) names.insert(row[column]);
        }
    }
    reports::statistics::Ratings ratings;
    std::map<std::string, std::size_t> position;
    for (const std::string& name : names) {
        position[name] = ratings.scores.size();
        const bool number = name.front() >= '0' && name.front() <= '9';
        ratings.scores.push_back(number ? std::stod(name) : static_cast<double>(ratings.scores.size() + 1));
    }
    for (const auto& row : rows) {
        ratings.items.emplace_back();
        for (const std::string& name : row) {
            ratings.items.back().push_back(name.empty() ? std::nullopt : std::optional(position.at(name)));
        }
    }
    return ratings;
}

/// Ratings by nobody in particular: counts[item][category], filled up with missing ratings.
inline reports::statistics::Ratings from_counts(const std::vector<std::vector<std::size_t>>& counts) {
    std::size_t most = 0;
    reports::statistics::Ratings ratings;
    for (const auto& item : counts) {
        ratings.items.emplace_back();
        for (std::size_t category = 0; category < item.size(); ++category) {
            ratings.items.back().insert(ratings.items.back().end(), item[category], category);
        }
        most = std::max(most, ratings.items.back().size());
    }
    for (auto& item : ratings.items) item.resize(most);
    for (std::size_t category = 0; category < counts.front().size(); ++category) {
        ratings.scores.push_back(static_cast<double>(category + 1));
    }
    return ratings;
}

/// Two raters: table[first's category][second's category] items.
inline reports::statistics::Ratings from_table(const std::vector<std::vector<std::size_t>>& table) {
    reports::statistics::Ratings ratings;
    for (std::size_t first = 0; first < table.size(); ++first) {
        ratings.scores.push_back(static_cast<double>(first + 1));
        for (std::size_t second = 0; second < table.size(); ++second) {
            ratings.items.insert(ratings.items.end(), table[first][second], {first, second});
        }
    }
    return ratings;
}

}  // namespace reports_test
