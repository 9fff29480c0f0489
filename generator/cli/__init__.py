"""The tools: ``python -m generator sample``, ``models``, ``report``, ``train`` and their kin."""
