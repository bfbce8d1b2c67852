"""``make bench``: what a page costs, as a ratio to a floor measured in the same run. Start at ``__main__.py``."""
