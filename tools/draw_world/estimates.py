"""Estimates with intervals of 95 %, by linearisation, with each person as one observation."""

import collections
import math


def ratio_of_sums(pairs):
    """Returns the ratio of two sums over the same persons, with its interval."""
    upper, lower = sum(y for y, _ in pairs), sum(x for _, x in pairs)
    spread = math.sqrt(sum((y / upper - x / lower) ** 2 for y, x in pairs))
    ratio = upper / lower
    return ratio, ratio * math.exp(-1.96 * spread), ratio * math.exp(1.96 * spread)


def ratio_of_means(first, second):
    """Returns the ratio of the means of two groups, with its interval."""
    parts = []
    for values in (first, second):
        mean = sum(values) / len(values)
        parts.append((mean, sum((value - mean) ** 2 for value in values) / len(values) ** 2 / mean**2))
    ratio, spread = parts[0][0] / parts[1][0], math.sqrt(parts[0][1] + parts[1][1])
    return ratio, ratio * math.exp(-1.96 * spread), ratio * math.exp(1.96 * spread)


def estimate(decisions, weigh):
    """Returns the difference of the weighted means of treated and untreated, with its interval by persons."""
    sums = {True: [0.0, 0.0], False: [0.0, 0.0]}
    for _, _, propensity, treated, untreated_orders, treated_orders, _ in decisions:
        weight = (1 / propensity if treated else 1 / (1 - propensity)) if weigh else 1.0
        sums[treated][0] += weight
        sums[treated][1] += weight * (treated_orders if treated else untreated_orders)
    mean = {treated: total / weights for treated, (weights, total) in sums.items()}
    influence = collections.defaultdict(float)
    for _, person, propensity, treated, untreated_orders, treated_orders, _ in decisions:
        weight = (1 / propensity if treated else 1 / (1 - propensity)) if weigh else 1.0
        off = (treated_orders if treated else untreated_orders) - mean[treated]
        influence[person] += (1 if treated else -1) * weight * off / sums[treated][0]
    spread = 1.96 * math.sqrt(sum(each**2 for each in influence.values()))
    return mean[True] - mean[False], spread
