"""What is alike: neighbours with the reason, near-duplicates, outliers, and how good a search is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from spectra.core.tables import Table
from spectra.views.layout import Block, table

if TYPE_CHECKING:
    from spectra.core.similarity.archive import Archive
    from spectra.core.similarity.items import Item
    from spectra.core.similarity.retrieval import Precision, Retrieval
    from spectra.core.similarity.search import Hint, Outlier, Pair, Similar
    from spectra.core.store import FailureRecord, FeatureSpaceRecord

_SIGNIFICANT = 0.05


def similar_blocks(query: str, found: Similar, archive: Archive) -> Iterator[Block]:
    """Yield the neighbours, what they say of quantities, and what was not compared."""
    yield neighbours_table(f"Most similar to {query}", found)
    if found.hints:
        yield _hints_table(found.hints)
        if any(hint.following is not None for hint in found.hints):
            yield (
                "p: share of random arrangements in which the neighbours' values agree as well; above "
                f"{_SIGNIFICANT:g}, the mean says nothing of the query."
            )
        reasons = dict.fromkeys(hint.untested for hint in found.hints if hint.untested)
        for reason in reasons:
            yield f"{', '.join(hint.name for hint in found.hints if hint.untested == reason)}: {reason}"
    yield (
        f"{found.compared:,} compared by {' and '.join(archive.slices)}; two of them drawn at random are at a distance "
        f"of {found.typical:.3g}."
    )
    if found.unlike:
        yield "Even the nearest is no nearer than that: nothing of what was compared is like it."
    yield from _failures(archive)


def neighbours_table(title: str, found: Similar) -> Table:
    """Return the neighbours with distance, reason and metadata."""
    blocks = list(found.neighbours[0].shares) if found.neighbours else []
    rows = [
        (
            f"{neighbour.distance:.4f}",
            neighbour.item.id,
            neighbour.item.sample,
            neighbour.item.name,
            *(f"{share:.0%}" for share in neighbour.shares.values()),
            _known(neighbour.item),
        )
        for neighbour in found.neighbours
    ]
    priorities = {"file": 2, "sample": 3} | dict.fromkeys(blocks, 1)
    return table(("distance", "id", "sample", "file", *blocks, "known"), rows, title=title, priorities=priorities)


def similar_document(query: str, found: Similar, archive: Archive, metric: str) -> dict[str, Any]:
    """Return a search for a program."""
    return {
        "query": query,
        "metric": metric,
        "features": list(archive.slices),
        "compared": found.compared,
        "typical_distance": found.typical,
        "unlike_anything": found.unlike,
        "neighbours": [
            {**item_document(one.item), "distance": one.distance, "shares": dict(one.shares)}
            for one in found.neighbours
        ],
        "quantities": [
            {
                "name": hint.name,
                "unit": hint.unit,
                "mean": hint.of.mean,
                "spread": hint.of.spread,
                "count": hint.of.count,
                "correlation": hint.following.correlation if hint.following else None,
                "p": hint.following.p if hint.following else None,
                "untested": hint.untested or None,
            }
            for hint in found.hints
        ],
        "not_compared": [_failure(failure) for failure in archive.failures],
    }


def item_document(item: Item) -> dict[str, Any]:
    """Return what is known of an item for a program."""
    return {
        "id": item.id,
        "file_name": item.name,
        "sample_name": item.sample,
        "technique": item.technique,
        "labels": dict(item.labels),
        "tags": [tag for tag in item.tags if "=" not in tag],
        "conditions": list(item.conditions),
        "quantities": list(item.quantities),
    }


def duplicates_blocks(pairs: Sequence[Pair], archive: Archive, within: float) -> Iterator[Block]:
    """Yield pairs of near-duplicates."""
    rows = [
        (
            f"{pair.distance:.4f}",
            f"{pair.likeness:.3f}",
            pair.one.id,
            pair.one.name,
            pair.other.id,
            pair.other.name,
            _whose(pair),
        )
        for pair in pairs
    ]
    header = ("distance", "correlation", "id", "file", "like", "file of that", "samples")
    yield table(header, rows, title="Near-duplicates", priorities={"samples": 1})
    yield (
        f"{len(pairs)} pairs among {len(archive.items):,} have features within {within:g} of the distance of two items "
        "drawn at random, and signals that correlate."
    )
    yield from _failures(archive)


def duplicates_document(pairs: Sequence[Pair], archive: Archive) -> dict[str, Any]:
    """Return near-duplicates for a program."""
    return {
        "compared": len(archive.items),
        "pairs": [
            {
                "one": item_document(pair.one),
                "other": item_document(pair.other),
                "distance": pair.distance,
                "likeness": pair.likeness,
            }
            for pair in pairs
        ],
    }


def outliers_blocks(found: Sequence[Outlier], archive: Archive) -> Iterator[Block]:
    """Yield what is like nothing else."""
    rows = [(f"{one.times:.1f}", one.item.id, one.item.sample, one.item.name, one.nearest.name) for one in found]
    header = ("times as far", "id", "sample", "file", "nearest")
    yield table(header, rows, title="Unlike anything else", priorities={"nearest": 1})
    yield (
        f"{len(found)} of {len(archive.items):,}; times as far: from the nearest others, as the median item is from "
        "its own."
    )
    yield from _failures(archive)


def outliers_document(found: Sequence[Outlier], archive: Archive) -> dict[str, Any]:
    """Return outliers for a program."""
    return {
        "compared": len(archive.items),
        "outliers": [
            {**item_document(one.item), "distance": one.distance, "times": one.times, "nearest": one.nearest.id}
            for one in found
        ],
    }


def retrieval_blocks(done: Mapping[str, Retrieval], label: str, not_same: str | None) -> Iterator[Block]:
    """Yield how good searches by several feature spaces are, the best first, and the best by class."""
    ranked = sorted(done.items(), key=lambda entry: -entry[1].overall.mean_average_precision.value)
    rows = [
        (
            name,
            _with_interval(one.overall.mean_average_precision),
            _with_interval(one.overall.first),
            _with_interval(one.overall.first_ten),
        )
        for name, one in ranked
    ]
    yield table(("features", "mAP", "P@1", "P@10"), rows, title=f"Finding the same {label}")
    best_name, best = ranked[0]
    chance = best.overall
    yield (
        f"By chance: mAP {chance.mean_average_precision.chance:.3f}, P@1 {chance.first.chance:.3f}. In brackets 95 % "
        f"intervals over {chance.groups:,} {'items' if not_same is None else f'values of {not_same}'}."
    )
    yield table(
        (label, "queries", "mAP", "P@1", "P@10", "mAP by chance"),
        [
            (
                name,
                one.queries,
                f"{one.mean_average_precision.value:.3f}",
                f"{one.first.value:.3f}",
                f"{one.first_ten.value:.3f}",
                f"{one.mean_average_precision.chance:.3f}",
            )
            for name, one in best.classes.items()
        ],
        title=f"By {best_name}",
    )
    if best.left_out:
        lost = ", ".join(f"{name} ({count})" for name, count in best.left_out.items())
        yield f"Not searched for, because nothing else of the same {label} is there: {lost}."


def retrieval_document(done: Mapping[str, Retrieval], label: str, not_same: str | None) -> dict[str, Any]:
    """Return the same for a program."""
    return {"label": label, "not_same": not_same, "features": dict(done)}


def spaces_table(records: Sequence[FeatureSpaceRecord]) -> Table:
    """Return feature spaces on record."""
    rows = []
    for record in records:
        document = record.document
        encoder = document["encoder"]
        name = f"model:{document['model']}" if "model" in document else encoder["name"]
        kind = f"{document['kind']} {document['unit']}".strip()
        parameters = ", ".join(f"{key}={value}" for key, value in encoder["parameters"].items())
        rows.append((record.id, name, kind, record.rows, record.failed, parameters))
    header = ("space", "encoder", "of", "items", "failed", "parameters")
    return table(header, rows, name="spaces", priorities={"parameters": 1})


def failures_table(failures: Sequence[FailureRecord]) -> Table:
    """Return what a space has no features of, and why."""
    return table(("what", "reason"), [(failure.name, failure.reason) for failure in failures], title="Not encoded")


def _hints_table(hints: Sequence[Hint]) -> Table:
    rows = [
        (
            hint.name,
            hint.unit,
            f"{hint.of.mean:.4g}" + ("" if hint.of.spread is None else f" ± {hint.of.spread:.2g}"),
            hint.of.count,
            "" if hint.following is None else f"{hint.following.correlation:+.2f}",
            "" if hint.following is None else f"{hint.following.p:.3f}",
        )
        for hint in hints
    ]
    header = ("quantity", "unit", "neighbours' mean", "of", "correlation", "p")
    return table(header, rows, title="What the neighbours were")


def _failures(archive: Archive) -> Iterator[str]:
    if archive.failures:
        first = archive.failures[0]
        yield (
            f"{len(archive.failures)} could not be encoded, the first: {first.name}: {first.reason} "
            "'spectra spaces show' lists them."
        )


def _failure(failure: FailureRecord) -> dict[str, str]:
    return {"name": failure.name, "reason": failure.reason}


def _known(item: Item) -> str:
    """Write what a person wants to know of an item first."""
    quantities = (f"{q.name} {q.value:.4g} {q.unit}".strip() for q in item.quantities if q.method != "derived")
    conditions = (f"{condition.name} {condition.amount}" for condition in item.conditions)
    return ", ".join([*item.labels.values(), *quantities, *conditions])


def _whose(pair: Pair) -> str:
    return pair.one.sample if pair.one.sample == pair.other.sample else f"{pair.one.sample}, {pair.other.sample}"


def _with_interval(precision: Precision) -> str:
    if precision.low is None or precision.high is None:
        return f"{precision.value:.3f}"
    return f"{precision.value:.3f} ({precision.low:.2f}–{precision.high:.2f})"
