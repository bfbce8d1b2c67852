"""Pages and buttons, by noun: ``wizard``, ``links`` (what mailed links open), ``answers``, ``dossier``,
``endorsements``, ``cases`` (buttons of the status page)."""
