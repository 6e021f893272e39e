"""The list of generated pages and pictures of the documentation."""

from __future__ import annotations

from b12labs.reference import guideline_keys
from site_pages import api_reference, decision_paths, intervals, nomenclature

__all__ = ["generated"]


def generated() -> dict[str, str]:
    """Return every generated file's text by its name in docs/."""
    return {
        "api.md": api_reference.page(),
        "nomenclature.md": nomenclature.page(),
        "decision-paths.md": decision_paths.page(),
        "images/three-answers.svg": intervals.three_answers(),
        "images/who-it-is.svg": intervals.who_it_is(),
        "images/one-more-result.svg": intervals.one_more_result(),
        **{f"images/paths/{key}.svg": decision_paths.picture(key) for key in guideline_keys()},
    }
