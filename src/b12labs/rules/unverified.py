"""Results that were given and cannot be used as they stand: set aside, or perhaps in another unit. They never calm."""

from b12labs.logic.language import Question, Truth, at_least, finding, unverified

#: Those that take part in status, urgency or route as asked, by analyte; others are only said.
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
    says="A result that was given could not be used as it stands: verify it with the laboratory first.",
    label="a result that could not be used as it stands",
    sources=("b12labs-design",),
    printed="first",
)

#: Asked of each of them before anything else, whatever is open.
VERIFY = tuple(
    Question(
        f"verify_{key}",
        "Is the result that was given right, and in which unit? Verify it with the laboratory first.",
        given,
        given,
        sources=("b12labs-design",),
        again=(key,),
    )
    for key, given in UNVERIFIED.items()
)
