"""A second reading of the facts and the rules, written without looking at b12labs.

    python -m validation.oracle --patients 20000

It makes varied panels, answers them in plain Python, asks `b12labs.interpret_frame` the same, and prints every
statement on which the two differ. It shares no code and no data with the package: numbers and conditions are written
again here. `settled.md` lists the differences that were found, and which of the two was wrong.

- `truth.py`: yes, no and cannot tell; a result as the interval of its possible values.
- `marker_limits.py`, `blood_limits.py`: the numbers.
- `patient.py`: a panel as the oracle sees it. `panels.py` makes them.
- `markers.py`, `index.py`, `blood.py`, `picture.py`, `status.py`, `alarms.py`, `treatment.py`: the statements, by
  question; `statements.py` puts them together, `story.py` groups the reported terms.
- `compare.py`: both answers side by side.
"""
