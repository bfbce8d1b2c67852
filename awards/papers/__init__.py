"""Certificates and letters on paper: what is printed comes in as words, what goes out are the bytes of a PDF.

Knows no database and no Django. ``setting.py`` sets them with typst, ``fonts.py`` says which font holds which sign. The fonts
of the site lie in ``fonts/`` as TTF with their licences (typst reads no WOFF2); those of other scripts come as packages.
"""
