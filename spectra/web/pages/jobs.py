"""Jobs: how far they are, what they said, and how to stop them."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from spectra.web.answers import page
from spectra.web.forms import posting
from spectra.web.jobs.job import Job
from spectra.web.jobs.queue import Jobs


def jobs_of(request: Request) -> Jobs:
    """Return the jobs of this server."""
    jobs: Jobs = request.app.state.jobs
    return jobs


def result_address(job: Job) -> str | None:
    """Return where the result of a job is shown, if it has one."""
    if job.state != "done" or job.result is None:
        return None
    return f"/map/{job.id}" if job.kind == "map" else f"/records/{job.result}"


def all_jobs(request: Request) -> Response:
    """List jobs, newest first."""
    jobs = [(job, result_address(job)) for job in jobs_of(request).all()]
    return page(request, "jobs.html", jobs=jobs, refreshing=any(job.going_on for job, _ in jobs))


def one(request: Request) -> Response:
    """Show one job; while it goes on, the page renews itself."""
    job = jobs_of(request).get(request.path_params["id"])
    return page(request, "job.html", command=job.command, job=job, result=result_address(job))


def document(request: Request) -> Response:
    """Return one job for a program."""
    job = jobs_of(request).get(request.path_params["id"])
    return JSONResponse(job.document() | {"result_address": result_address(job)})


def stop(request: Request, _form: FormData) -> Response:
    """Stop a job."""
    job = jobs_of(request).stop(request.path_params["id"])
    return RedirectResponse(f"/jobs/{job.id}", 303)


ROUTES = (
    Route("/jobs", all_jobs),
    Route("/jobs/{id}.json", document),
    Route("/jobs/{id}", one),
    posting("/jobs/{id}/stop", stop),
)
