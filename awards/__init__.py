"""Who holds what: awards, the roster, an award's public page.

May import ``contributions`` and below; knows nothing of how a winner is chosen.
Start reading at ``states.py``, then ``models.py``. ``roster.py`` is the roster's search, ``lines.py`` what a list
says of one holder, ``standing.py`` what has become of an award, in words.

How an award is proved: ``proof.py`` (what is signed), ``signing.py`` (how; no database), ``actions/credentials.py`` (when),
``checking.py`` (what somebody hands in), ``papers/`` (certificates, letters). ``docs/credentials.md`` tells it from outside.
"""
