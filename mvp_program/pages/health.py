"""Two addresses for machines: does the process answer, and can it do its work?"""

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from common import clock

LATE = dt.timedelta(minutes=5)


@never_cache
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of the database."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and the queue moves: no job has been due for more than five minutes."""
    try:
        late = late_jobs()
    except DatabaseError:
        return JsonResponse({"database": "does not answer", "queue": "unknown"}, status=503)
    queue = f"{late} late" if late else "ok"
    return JsonResponse({"database": "ok", "queue": queue}, status=503 if late else 200)


def late_jobs() -> int:
    """How many jobs are due for longer than a busy worker needs; a job without a date was due when queued."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM procrastinate_jobs AS job
            WHERE job.status = 'todo' AND coalesce(
                job.scheduled_at,
                (SELECT min(at) FROM procrastinate_events WHERE job_id = job.id AND type = 'deferred')
            ) < %s
            """,
            [clock.now() - LATE],
        )
        return int(cursor.fetchone()[0])
