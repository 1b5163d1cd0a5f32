"""The view: one HTML file that opens without a network and shows who did what to whom, and where that is said."""

from kg.view.page import view

__all__ = ["view"]
