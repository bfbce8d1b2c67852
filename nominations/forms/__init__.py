"""Input, by noun: ``wizard`` (the four steps), ``answer`` (the invitation), ``dossier``, ``office``."""
