"""How sure an interpretation is: whether another draw would say the same, and how probable each status is."""

from b12labs.patient.certainty.making import SAMPLES, SEED, certainty_of
from b12labs.patient.certainty.model import Certainty, LimitDoubt, VerdictCertainty, as_text

__all__ = ["SAMPLES", "SEED", "Certainty", "LimitDoubt", "VerdictCertainty", "as_text", "certainty_of"]
