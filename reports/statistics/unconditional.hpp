#pragma once

#include <cstddef>

namespace reports::statistics {

/// One-sided mid-p of McNemar's test: P(X > worse) + P(X = worse) / 2 for X binomial with worse + better trials of 1/2
/// (Lancaster 1961, JASA 56:223). 1/2 where no pair differs.
double mcnemar_mid_p(std::size_t worse, std::size_t better);

/// One-sided p of `worse` against `better` among `items` pairs, exact without conditioning on how many pairs differ:
/// the largest probability, over all shares q of pairs that differ, of a table at least as extreme by McNemar's mid-p
/// (mcnemar_mid_p). q is sought in its exact 99.999 %
/// confidence interval, whose 0.00001 is added to p (Berger and Boos 1994, JASA 89:1012). So the error is at most the
/// level, as with McNemar's exact test, but nearer to it: the power is that of the mid-p test. `worse` + `better` is at
/// most `items`. 1 where no pair differs.
double unconditional_p(std::size_t worse, std::size_t better, std::size_t items);

}  // namespace reports::statistics
