"""What the worker does for everybody: send mail, seal history, rescue jobs, tidy up."""

from importlib import import_module

from asgiref.sync import sync_to_async
from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from common import bulk, delivery, history

RESCUES = 5
DAYS_OF_FINISHED_JOBS = 7


@app.periodic(cron="* * * * *")  # for mail that waits for its next attempt
@app.task(name="common.send_outbox")
def send_outbox(timestamp: int = 0) -> None:
    """Send the mail that is due."""
    delivery.send_waiting()


@app.periodic(cron="*/5 * * * *")
@app.task(name="common.gather_digests")
def gather_digests(timestamp: int = 0) -> None:
    """Gather the mail of the day of everybody whose morning it is."""
    bulk.gather_all()


@app.periodic(cron="*/3 * * * *")
@app.task(name="common.seal_history")
def seal_history(timestamp: int = 0) -> None:
    """Close committed history rows into blocks."""
    history.seal()


@app.periodic(cron="*/5 * * * *")
@app.task(name="common.rescue_jobs", pass_context=True)
async def rescue_jobs(context: JobContext, timestamp: int = 0) -> None:
    """Give jobs back whose worker went away in the middle. Without a lock: it must not be stuck itself."""
    await return_stalled_jobs(context.app.job_manager)


async def return_stalled_jobs(jobs: JobManager) -> None:
    """Queue again what a vanished worker had begun; after ``RESCUES`` times a job has failed."""
    for job in await jobs.get_stalled_jobs():
        if job.attempts >= RESCUES:
            await jobs.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            await jobs.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="common.tidy_up", pass_context=True)
async def tidy_up(context: JobContext, timestamp: int = 0) -> None:
    """Once a day: forget finished jobs, ended sessions, the codes in old mail and old bounces."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=24 * DAYS_OF_FINISHED_JOBS, include_cancelled=True, include_aborted=True
    )
    await sync_to_async(import_module(settings.SESSION_ENGINE).SessionStore.clear_expired)()
    await sync_to_async(delivery.forget_codes)()
    await sync_to_async(delivery.forget_bounces)()
