"""Put the trained models into the wheel: beside the code in a checkout, they are within it once installed."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ModelsHook(BuildHookInterface[Any]):
    """Add ``models/`` to the wheel as ``generator/models/``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folder; an editable install (``version`` is then "editable") finds it in the checkout."""
        if version == "standard":
            build_data["force_include"]["models"] = "generator/models"
