"""The certainty of an interpretation: whether another draw would give the same, and the probability of each status."""

from b12labs.patient.certainty.making import SAMPLES, SEED, certainty_of
from b12labs.patient.certainty.model import Certainty, LimitDoubt, VerdictCertainty, as_text

__all__ = ["SAMPLES", "SEED", "Certainty", "LimitDoubt", "VerdictCertainty", "as_text", "certainty_of"]
