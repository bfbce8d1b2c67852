"""The project: settings, database, commands, and the pages that need rooms from several apps.

The only package that knows every app; none of them imports it. Start reading at ``urls.py``.
"""
