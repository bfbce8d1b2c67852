"""The bottom layer: history, outbox, errors, clock, jobs, registry, actor, http, template tags.

Imports nothing of ours. Start reading at ``errors.py``, then ``history.py``.
"""
