"""How dates and numbers are written, by language; Django's own formats hold for languages without a folder."""
