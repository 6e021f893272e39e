"""The words in names of medicines: `reference_ranges/names/medicines.toml`, read when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from b12labs.errors import ReferenceDataError
from b12labs.reference.files import context, read_toml
from b12labs.reference.loaded import directory

__all__ = ["MedicineWords", "medicine_words"]


@dataclass(frozen=True, slots=True)
class MedicineWords:
    """Words for ingredients by term, words of a product, and words beside which no medicine is taken."""

    ingredients: dict[str, tuple[str, ...]]
    product: frozenset[str]
    fillers: frozenset[str]
    denied: frozenset[str]


@cache
def medicine_words() -> MedicineWords:
    """Return the words in names of medicines."""
    file = "names/medicines.toml"
    raw = read_toml(directory() / "names" / "medicines.toml")
    try:
        listed = {str(term): tuple(map(str, words)) for term, words in raw["ingredients"].items()}
        parts = [frozenset(map(str, raw[part]["words"])) for part in ("product", "fillers", "denied")]
    except (KeyError, AttributeError, TypeError) as error:
        raise ReferenceDataError(
            file, str(error), "expected [ingredients], [product], [fillers] and [denied]"
        ) from None
    unknown = sorted(listed.keys() - context().terms.keys())
    if unknown:
        raise ReferenceDataError(file, unknown[0], "expected a term of context.toml")
    return MedicineWords(listed, *parts)
