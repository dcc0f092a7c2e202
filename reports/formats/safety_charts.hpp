#pragma once

#include <vector>

#include "reports/data/report.hpp"
#include "reports/formats/chart.hpp"

/// The charts of the safety section. All take a report whose `safety` is set, and are empty where there is nothing to
/// draw. Each has its numbers in a table beside it.
namespace reports::formats {

/// For each run, scorer and share of unsafe prompts a grid of categories and attack vectors. A stronger colour is a
/// higher share; each cell has its number in it.
std::vector<Figure> heat_maps(const data::Report& report);

/// The rate of violations of each run by each scorer, with the rates that people found in the Llama 2 chat models.
std::vector<Figure> violation_charts(const data::Report& report);

/// Over-refusal across, refusal of unsafe prompts upwards: a cross of two intervals for each run.
std::vector<Figure> refusal_planes(const data::Report& report);

/// Histograms of the rewards of each run's answers, over one axis for each reward model.
std::vector<Figure> reward_charts(const data::Report& report);

/// Reward of the best of n answers against n, with 1.96 standard errors.
std::vector<Figure> best_of_n_charts(const data::Report& report);

}  // namespace reports::formats
