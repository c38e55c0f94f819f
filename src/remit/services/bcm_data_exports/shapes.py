"""Shapes of the service's inputs and outputs: plain mappings at run time, typed in `shapes.pyi`."""

from typing import Any


def __getattr__(name: str) -> Any:
    """Any shape is a mapping."""
    if name.startswith("_"):
        raise AttributeError(name)
    return dict
