"""Files that are handed in on pages: a limit that holds before the disk is full."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from common.records import reading


class Quota(FileUploadHandler):
    """Stops at the first byte past what is read anywhere here; the form then has no file, and ``was_refused`` says why.

    What the browser still sends is read and thrown away, so that it gets the page with the sentence.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) > reading.MEGABYTES_AT_MOST * 1024 * 1024:
            request: Any = self.request
            request.META["mvp.upload_refused"] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def was_refused(request: HttpRequest) -> bool:
    """Was a file of this request too large?"""
    return bool(request.POST is not None and request.META.get("mvp.upload_refused"))
