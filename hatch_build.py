"""Put models and papers into the wheel: beside the code in a checkout, they are within it once installed."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ModelsHook(BuildHookInterface[Any]):
    """Add ``models/`` to the wheel as ``generator/models/``, and what the bot promises as ``bot/papers/``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them; an editable install (``version`` is then "editable") finds them in the checkout."""
        if version == "standard":
            build_data["force_include"]["models"] = "generator/models"
            for paper in ("PRIVACY.md", "TERMS.md"):
                build_data["force_include"][paper] = f"bot/papers/{paper}"
