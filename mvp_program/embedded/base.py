"""Django looks for this module by its name; everything of note is in ``cluster.py``."""

from typing import Any

from django.db.backends.postgresql import base

from mvp_program.embedded import cluster


class DatabaseWrapper(base.DatabaseWrapper):
    """Joins the embedded cluster of the checkout, or starts it, before the first connection."""

    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        parameters["host"] = str(cluster.join(self.settings_dict["CHECKOUT"]))
        return parameters
