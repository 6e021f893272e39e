"""Whether treatment is working: draws before and after its start, compared with the response expected by then.

A name that begins with `series:` is a fact about a series of draws. It is found from their interpretations and from
changes beyond the reference change value (`b12labs.over_time.told`). Each marker is judged by its own latest value, and
by the response expected on the day of that value, such as `mma_days`. `days_since_treatment` is the last of these days.
"""

from b12labs.logic.language import (
    Case,
    Coefficient,
    Finding,
    Otherwise,
    Quantity,
    Truth,
    Verdict,
    certain,
    finding,
    measured,
    reported,
)

#: The markers by which a response is judged. Serum B12 is not one: injections raise it, whatever the level in tissue.
MARKERS = {"hemoglobin": "hemoglobin", "mcv": "MCV", "mma": "MMA", "homocysteine": "homocysteine"}
#: Normal in many who are B12 deficient: if they were not measured before treatment, a normal value shows no response.
BLOOD_COUNT = ("hemoglobin", "mcv")
_days = measured.days_since_treatment


def _late(days: Quantity) -> Truth:
    """Return whether every marker should be normal by a day."""
    return days >= Coefficient("recovery.days")


#: By marker, whether it should be normal on the day of its latest value.
LATE = {
    "hemoglobin": _late(measured.hemoglobin_days),
    "mcv": _late(measured.mcv_days),
    "mma": _late(measured.mma_days),
    "homocysteine": _late(measured.homocysteine_days),
}


def told(name: str) -> Truth:
    """Return whether a fact about the series holds."""
    return reported(f"series:{name}")


#: If the kidney keeps MMA raised, such a fall supports B12 deficiency; a smaller fall settles nothing.
mma_fell = finding(
    "mma_fell",
    when=certain(told("kidney_reduced_at_mma"))
    & (measured.mma_now_days >= Coefficient("mma_response.days"))
    & (measured.mma_before - measured.mma_now >= Coefficient("mma_response.fall"))
    & (measured.mma_now <= measured.mma_before * Coefficient("mma_response.left")),
    says="MMA has fallen enough to support B12 deficiency, although reduced kidney function keeps it raised.",
    label="a fall of MMA",
    sources=("labor-rothen",),
)


def _answered(marker: str, label: str) -> Finding:
    """Return the finding that a marker has responded.

    It was abnormal and improved by more than it varies, or it is normal by the time it should be.
    """
    before = told(f"{marker}_abnormal_before")
    normal = LATE[marker] & ~told(f"{marker}_abnormal_now") & ~certain(~before)
    doubt = told(f"{marker}_relapsed")
    improved = told(f"{marker}_improved")
    if marker == "mma":
        improved = improved & ~certain(told("kidney_reduced_at_mma"))
    if marker in BLOOD_COUNT:
        normal, doubt = normal & (certain(before) | told("no_draw_before")), doubt | told("transfused")
    return finding(
        f"{marker}_answered",
        when=((before & improved) | normal) & ~doubt,
        says=f"{label[0].upper()}{label[1:]} has responded to treatment.",
        label=f"a response of {label}",
        sources=("best-practice",),
    )


def _left(marker: str, label: str) -> Finding:
    abnormal = told(f"{marker}_abnormal_now")
    if marker == "mma":
        abnormal = abnormal & ~certain(told("kidney_reduced_at_mma"))
    return finding(
        f"{marker}_left",
        when=LATE[marker] & abnormal,
        says=f"{label[0].upper()}{label[1:]} is still abnormal after 8 weeks.",
        label=f"an abnormal {label} after 8 weeks",
        sources=("best-practice",),
    )


hemoglobin_answered, mcv_answered, mma_answered, homocysteine_answered = (_answered(*pair) for pair in MARKERS.items())
mcv_left, mma_left, homocysteine_left = (
    _left(marker, label) for marker, label in MARKERS.items() if marker != "hemoglobin"
)
hemoglobin_left = finding(
    "hemoglobin_left",
    when=LATE["hemoglobin"]
    & told("hemoglobin_abnormal_now")
    & (told("megaloblastic_now") | certain(told("hemoglobin_abnormal_before"))),
    says="There is still anemia after 8 weeks.",
    label="an anemia that persists after 8 weeks",
    sources=("best-practice",),
)
measured_again = finding(
    "measured_again",
    when=_late(_days)
    & (
        (told("hemoglobin_abnormal_now") & ~LATE["hemoglobin"])
        | (told("mcv_abnormal_now") & ~LATE["mcv"])
        | (told("mma_abnormal_now") & ~LATE["mma"])
        | (told("homocysteine_abnormal_now") & ~LATE["homocysteine"])
    ),
    says="A marker was still abnormal when last measured, and should be normal by now: measure it again.",
    label="a marker to be measured again",
    sources=("best-practice", "b12labs-design"),
)
other_anemia = finding(
    "other_anemia",
    when=LATE["hemoglobin"]
    & told("hemoglobin_abnormal_now")
    & ~told("megaloblastic_now")
    & ~certain(told("mma_abnormal_now")),
    says="The remaining anemia is not megaloblastic: B12 does not explain it. Consider iron deficiency, thalassemia, "
    "inflammation and kidney disease.",
    label="an anemia that B12 does not explain",
    sources=("hematology-texts",),
)
reticulocytes_answered = finding(
    "reticulocytes_answered",
    when=told("hemoglobin_abnormal_before")
    & told("reticulocytes_raised_now")
    & (measured.reticulocytes_days >= Coefficient("reticulocyte_peak.first"))
    & (measured.reticulocytes_days <= Coefficient("reticulocyte_peak.last")),
    says="Reticulocytes are raised when their peak is expected: the marrow has responded.",
    label="a response of reticulocytes",
    sources=("iom-1998",),
)
hemoglobin_not_rising = finding(
    "hemoglobin_not_rising",
    when=(measured.hemoglobin_days >= Coefficient("failure.days"))
    & told("hemoglobin_abnormal_before")
    & told("hemoglobin_abnormal_now")
    & ~told("hemoglobin_improved"),
    says="Hemoglobin has not risen by more than it varies, although it should rise by now.",
    label="a hemoglobin that does not rise",
    sources=("hematology-texts",),
)
# Anemia with cells that are not large, or with a normal MMA, has another cause.
_blood_relapsed = (
    (told("hemoglobin_relapsed") & ~certain(~told("mcv_abnormal_now"))) | told("mcv_relapsed")
) & ~certain(~told("mma_abnormal_now"))
relapsed = finding(
    "relapsed",
    when=_blood_relapsed | told("mma_relapsed") | told("homocysteine_relapsed"),
    says="A marker that had become normal on treatment is abnormal again, by more than it varies.",
    label="a relapse",
    sources=("b12labs-design",),
)
_answer = (
    certain(reticulocytes_answered)
    | certain(hemoglobin_answered)
    | certain(mcv_answered)
    | certain(mma_answered)
    | certain(mma_fell)
    | certain(homocysteine_answered)
)
_unanswered = (
    certain(hemoglobin_left)
    | certain(mcv_left)
    | certain(mma_left)
    | certain(homocysteine_left)
    | certain(hemoglobin_not_rising)
)
nerves_new = finding(
    "nerves_new",
    when=told("nerves_new"),
    says="A nerve symptom is new since treatment began: examine, load again, and look for another cause.",
    label="a new nerve symptom on treatment",
    sources=("b12labs-design",),
)
nerves_left = finding(
    "nerves_left",
    when=told("nerves_left") & (measured.symptoms_days >= Coefficient("nerve_recovery.days")),
    says="A nerve symptom is still reported after 3 months. Nerves recover slowly, and not always: if nothing has "
    "improved, nerve conduction studies show the extent of the damage.",
    label="a nerve symptom that persists after 3 months",
    sources=("b12labs-design",),
)
more_than_needed = finding(
    "more_than_needed",
    when=_late(_days)
    & _answer
    & ~told("not_normal_now")
    & certain(told("b12_high_now"))
    & told("oral")
    & ~told("cause_lasts")
    & ~told("nerves_affected"),
    says="All measured markers are normal, B12 is high on tablets, and no cause is reported: a lower dose may be "
    "enough. Stop only if the cause is known and gone.",
    label="more B12 than is needed",
    sources=("sps", "b12labs-design"),
)

response = Verdict(
    "response",
    (
        Case("relapse", certain(relapsed), "The deficiency is coming back."),
        Case("over_treated", certain(more_than_needed), "Treatment has worked, and is more than is needed now."),
        Case("responding", _answer & ~_unanswered, "Treatment is working."),
        Case(
            "partial", _answer & _unanswered, "Treatment works in part: a marker that should be normal by now is not."
        ),
        Case("none", _unanswered, "Treatment has not worked: no marker has responded as it should by now."),
        Case("too_early", ~_late(_days), "It is too early to judge the response."),
    ),
    Otherwise("undetermined", "No measured marker shows whether treatment works."),
    sources=("best-practice", "hematology-texts"),
)

_wanting = _unanswered | certain(relapsed) | certain(nerves_new) | certain(nerves_left)


def _thought(code: str, when: Truth | None, says: str, *sources: str) -> Finding:
    return finding(
        f"consider_{code}",
        when=_wanting if when is None else _wanting & when,
        says=says,
        label=f"{code.replace('_', ' ')} as a reason",
        sources=sources,
    )


CONSIDER = (
    _thought(
        "iron",
        ~certain(~told("iron_short")),
        "Iron: hemoglobin cannot rise if iron is deficient; treat it, or measure ferritin.",
        "pharmacology-texts",
    ),
    _thought(
        "folate",
        ~certain(~told("folate_short")),
        "Folate: treat a deficiency with or after B12, or measure it.",
        "pharmacology-texts",
        "bsh-2014",
    ),
    _thought(
        "inflammation",
        ~certain(~told("inflammation")),
        "Inflammation keeps hemoglobin low: measure CRP.",
        "b12labs-design",
    ),
    _thought(
        "copper",
        None,
        "Copper: its deficiency looks the same and may come with it. Measure copper and ceruloplasmin.",
        "ash-copper-case",
    ),
    _thought(
        "kidney",
        (told("mma_abnormal_now") & ~certain(~told("kidney_reduced_at_mma")))
        | (told("homocysteine_abnormal_now") & ~certain(~told("kidney_reduced_at_homocysteine"))),
        "Reduced kidney function keeps MMA and homocysteine raised: check creatinine.",
        "carmel-2003",
    ),
    _thought(
        "nitrous_oxide",
        told("nitrous_oxide"),
        "Nitrous oxide: treatment cannot work while its use continues.",
        "practical-neurology-n2o",
    ),
    _thought(
        "tablets",
        told("oral"),
        "Tablets not taken, not absorbed or too weak: ask, raise the dose, or change to injections.",
        "sps",
    ),
    _thought(
        "injections",
        told("injections"),
        "Injections missed or too far apart: ask, and give them more often within the product information.",
        "sps",
    ),
    _thought(
        "adherence",
        ~certain(told("oral")) & ~certain(told("injections")),
        "B12 not taken or not given as planned: ask how it is given, how much, and how often.",
        "sps",
    ),
    _thought(
        "another_diagnosis",
        None,
        "Another diagnosis in addition to B12 deficiency, or instead of it.",
        "pharmacology-texts",
    ),
)

BECAUSE = (
    reticulocytes_answered,
    hemoglobin_answered,
    mcv_answered,
    mma_answered,
    mma_fell,
    homocysteine_answered,
    hemoglobin_left,
    other_anemia,
    mcv_left,
    mma_left,
    homocysteine_left,
    hemoglobin_not_rising,
    measured_again,
    relapsed,
    nerves_new,
    nerves_left,
    more_than_needed,
)
FOLLOW_UP = (*BECAUSE, *CONSIDER, response)
