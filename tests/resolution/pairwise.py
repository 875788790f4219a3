"""Pairwise precision and recall of clusters against the truth."""

from collections import Counter


def pairs(counts):
    return sum(count * (count - 1) // 2 for count in counts)


def measure(found, truth):
    """Of the pairs that were joined, the share that are one entity; of the pairs that are one entity, the share that were joined."""
    both = pairs(Counter(zip(found, truth)).values())
    joined = pairs(Counter(found).values())
    true = pairs(Counter(truth).values())
    precision, recall = both / max(joined, 1), both / max(true, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)
