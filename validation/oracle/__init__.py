"""A second reading of the facts and the rules, written without looking at b12labs.

    python -m validation.oracle --patients 20000

It makes varied panels, answers them in plain Python, asks `b12labs.interpret_frame` the same, and prints every
statement on which the two differ. It shares no code and no data with the package: numbers are typed here once more, and
conditions are written here once more. `settled.md` says who was wrong where they differed.

- `truth.py`: yes, no and cannot tell; a result as the interval of what it may be.
- `marker_limits.py`, `blood_limits.py`: the numbers.
- `patient.py`: a panel as the oracle sees it. `panels.py` makes them.
- `markers.py`, `index.py`, `blood.py`, `picture.py`, `status.py`, `alarms.py`, `treatment.py`: the statements, by
  question; `statements.py` puts them together, `story.py` groups what is reported.
- `compare.py`: both answers side by side.
"""
