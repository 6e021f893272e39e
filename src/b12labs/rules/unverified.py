"""Results that cannot be used as given: set aside, or perhaps in another unit. They never reassure."""

from b12labs.logic.language import Question, Truth, at_least, finding, unverified

#: By analyte, the unverified results that affect status, urgency or route; others are only reported.
UNVERIFIED: dict[str, Truth] = {
    key: unverified(key)
    for key in (
        "b12",
        "holotc",
        "mma",
        "homocysteine",
        "hemoglobin",
        "mcv",
        "wbc",
        "neutrophils",
        "platelets",
        "ldh",
        "haptoglobin",
        "reticulocytes",
    )
}

unverified_result = finding(
    "unverified_result",
    when=at_least(1, *UNVERIFIED.values()),
    says="A result could not be used as given: verify it with the laboratory first.",
    label="a result that could not be used as given",
    sources=("b12labs-design",),
    printed="first",
)

#: Asked about each of them before anything else, whatever is open.
VERIFY = tuple(
    Question(
        f"verify_{key}",
        "Is the result right, and in which unit? Verify it with the laboratory first.",
        given,
        given,
        sources=("b12labs-design",),
        again=(key,),
    )
    for key, given in UNVERIFIED.items()
)
