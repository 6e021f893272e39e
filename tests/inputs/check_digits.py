"""Check digits of codes."""


def verhoeff(number):
    """Return 0 where the last digit checks the others, by Verhoeff's dihedral group."""
    check = 0
    for place, printed in enumerate(map(int, reversed(number))):
        digit = printed
        for _ in range(place % 8):
            digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
        turned = (check % 5 + digit % 5) if check < 5 else (check % 5 - digit % 5)
        check = turned % 5 + (5 if (check < 5) != (digit < 5) else 0)
    return check
