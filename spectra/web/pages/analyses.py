"""*New*: an uploaded file is analysed as a measurement of a sample on record."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from spectra.core.errors import InputError, UsageError
from spectra.core.measurements import LARGEST_FILE, Condition
from spectra.core.recipe import DEFAULT
from spectra.core.session import Specimen
from spectra.registry.annotations import check_tag
from spectra.web import plugins
from spectra.web.answers import page, site_of
from spectra.web.forms import posting
from spectra.web.jobs.queue import Order
from spectra.web.pages.jobs import jobs_of
from spectra.web.uploads import LARGEST_UPLOAD, read_sample, sample_files, unlike, uploaded

KIND = "analysis"
_OFFERED = 100  # samples to choose from
_DOUBTFUL = 6  # exit code: there is a result, with reasons to doubt it
_MOST_LINES = 50
_SETTING = re.compile(r"[\w-]+(\.[\w-]+)+=")


def new(request: Request) -> Response:
    """Ask for a sample, and then for what its technique needs."""
    site = site_of(request)
    given = request.query_params.get("sample", "").strip()
    chosen = site.registry.get_sample(given) if given else None
    specimen = None if chosen is None else plugins.specimen(site.registry, chosen)
    return page(
        request,
        "new.html",
        samples=list(site.registry.list_samples(limit=_OFFERED)),
        offered=_OFFERED,
        chosen=chosen,
        recipes=[] if specimen is None else list(specimen.recipes),
        parts=[] if specimen is None else _parts(specimen),
        readers={} if specimen is None else _readers(specimen),
        largest=LARGEST_FILE // 1_000_000,
    )


def add_sample(request: Request, form: FormData) -> Response:
    """Put an uploaded sample on record, and go on with it."""
    site = site_of(request)
    files = uploaded(form, "file")
    if not files:
        raise UsageError("No sample file was chosen.", hint="Choose the YAML file of the sample.")
    specimen = read_sample(plugins.catalogue(), files[0], uploaded(form, "attached"))
    record = site.registry.add_sample(specimen.sample)
    return RedirectResponse(f"/new?sample={record.id}", 303)


def analyze(request: Request, form: FormData) -> Response:
    """Start the analysis of uploaded files, and show how far it is."""
    site = site_of(request)
    record = site.registry.get_sample(str(form.get("sample", "")))
    specimen = plugins.specimen(site.registry, record)
    files = sample_files(specimen.sample)
    sample_file = next(iter(files))
    measured: list[str] = []
    for part in _parts(specimen):
        found = uploaded(form, f"file-{part}" if part else "file")
        if not found:
            raise UsageError(f"No file was chosen{f' for {part}' if part else ''}.", hint="Choose a measured file.")
        name = unlike(found[0][0], files)
        if len(found[0][1]) > LARGEST_FILE:
            raise InputError(f"The file {name} is larger than {LARGEST_FILE // 1000:,} kB.")
        files[name] = found[0][1]
        measured.append(f"{part}={name}" if part else name)
    words = ["analyze", *measured, f"--sample={sample_file}", *_options(specimen, form)]
    job = jobs_of(request).submit(
        Order(
            kind=KIND,
            title=f"Analysis of {', '.join(measured)}",
            command=site.command(*words),
            module="spectra.cli",
            arguments=[*words, *site.where, "--json"],
            outcome=_prediction,
            good=(0, _DOUBTFUL),
            files=files,
            details={"sample": record.id, "name": record.name, "technique": record.technique},
        )
    )
    return RedirectResponse(f"/jobs/{job.id}", 303)


def _options(specimen: Specimen, form: FormData) -> list[str]:
    """Return the options of ``analyze`` that the fields mean, checked before a process is started."""
    options: list[str] = []
    if (recipe := str(form.get("recipe") or DEFAULT)) != DEFAULT:
        specimen.recipe(recipe)
        options.append(f"--recipe={recipe}")
    if form.get("reader"):
        options += _chosen_readers(specimen, form)
    for text in _lines(form, "settings"):
        if not _SETTING.match(text):
            raise UsageError(f"The setting {text[:60]!r} cannot be read.", hint="Write ROLE.PARAMETER=VALUE.")
        options.append(f"--set={text}")
    for text in _lines(form, "conditions"):
        Condition.parse(text)
        options.append(f"--condition={text}")
    for tag in (part.strip() for text in _lines(form, "tags") for part in text.split(",")):
        if tag:
            options.append(f"--tag={check_tag(tag)}")
    if form.get("no_refine"):
        options.append("--no-refine")
    return options


def _chosen_readers(specimen: Specimen, form: FormData) -> list[str]:
    reader = str(form["reader"])
    if reader not in _readers(specimen).get("", ()):
        raise UsageError(f"The technique {specimen.sample.technique!r} has no reader {reader[:60]!r}.")
    return [f"--reader={reader}"]


def _lines(form: FormData, field: str) -> Sequence[str]:
    lines = [line.strip() for line in str(form.get(field) or "").splitlines() if line.strip()]
    if len(lines) > _MOST_LINES:
        raise UsageError(f"There are {len(lines)} {field}; {_MOST_LINES} are allowed.")
    return lines


def _parts(specimen: Specimen) -> Sequence[str]:
    """Return the parts of a measurement, each of which is a file; one without a name if there are none."""
    readers = specimen.technique.readers
    return list(readers) if isinstance(readers, Mapping) else [""]


def _readers(specimen: Specimen) -> Mapping[str, Sequence[str]]:
    """Return the names of the readers of each part."""
    readers = specimen.technique.readers
    return readers if isinstance(readers, Mapping) else {"": readers}


def _prediction(printed: bytes, _folder: Path) -> str:
    """Return the identifier of the prediction that ``analyze --json`` printed."""
    document: Any = json.loads(printed)
    return str(document["prediction"]["id"])


ROUTES = (
    Route("/new", new),
    posting("/new/sample", add_sample, limit=LARGEST_UPLOAD, files=50),
    posting("/new/analysis", analyze, limit=LARGEST_UPLOAD, files=20),
)
