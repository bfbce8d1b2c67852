"""Settings: ``base`` for all, then ``prod``, ``demo`` (prod + demo addresses), ``dev`` and ``test``."""
