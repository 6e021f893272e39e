"""How long words and texts may be that are understood, and how near a misspelling is to what it is taken for."""

import pytest

from b12labs.inputs.flags import FLAG_PLACES, FLAG_WORDS, FOUND_WORDS, read_flag
from b12labs.inputs.names import marker_in
from b12labs.inputs.tests import near_test
from b12labs.inputs.vocabulary import find_terms
from b12labs.inputs.words.folding import covers, lexicon_of, together, words
from b12labs.inputs.words.near_words import near_words


def test_a_text_of_more_than_300_signs_has_no_words():
    assert words("a" * 300) == ("a" * 300,)
    assert words("a" * 301) is None


def test_a_word_for_a_result_has_no_more_than_40_signs():
    assert read_flag("negativo".ljust(40, ".")) == "normal"
    assert read_flag("negativo".ljust(41, ".")) is None


def test_every_word_for_a_result_means_its_direction():
    for listed in (FLAG_WORDS, FOUND_WORDS):
        for flag, said in listed.items():
            assert {read_flag(word) for word in said} == {read_flag(word.upper()) for word in said} == {flag}
    assert [FLAG_PLACES[flag] for flag in (None, "low", "normal", "high")] == [0, 1, 2, 3]


LEXICON = lexicon_of([("mean", "mean"), ("cell", "cell"), ("volume", "volume"), ("abc", "letters"), ("x" * 14, "long")])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mean cell", {frozenset({"mean", "cell"})}),
        ("meancell", {frozenset({"mean", "cell"})}),
        ("me an", {frozenset({"mean"})}),
        ("meanabc", {frozenset({"mean", "letters"})}),
        ("abcabc", {frozenset({"letters"})}),
        ("abcde", set()),
        ("mean other", set()),
        (" ".join("x" * 14), {frozenset({"long"})}),
        (" ".join("x" * 15), set()),
        (" ".join(["mean"] * 40), {frozenset({"mean"})}),
        (" ".join(["mean"] * 41), set()),
        ("mean" * 10, {frozenset({"mean"})}),
        ("mean" * 10 + "cell", set()),
    ],
)
def test_a_name_is_understood_where_no_word_of_it_is_left_over(text, meant):
    assert covers(words(text), LEXICON) == meant


def test_words_shorter_than_six_letters_are_not_taken_apart_and_pieces_have_at_least_three():
    short = lexicon_of([("ab", "two"), ("abc", "three"), ("de", "rest"), ("def", "end")])
    assert covers(("abcdef",), short) == {frozenset({"three", "end"})}
    assert covers(("abcde",), short) == set()
    assert covers(("abcabde",), short) == set()


def test_digits_of_two_words_are_not_joined():
    assert together(("b1", "2")) == "b1 2"
    assert together(("b", "12")) == "b12"


@pytest.mark.parametrize(
    ("given", "known", "near"),
    [
        ("fals", "falls", "falls"),
        ("fallss", "falls", "falls"),
        ("fa11s", "falls", None),
        ("flals", "falls", "falls"),
        ("felt", "fall", None),
        ("hiv", "hivs", None),
        ("numb", "numbs", "numbs"),
        ("loss of reflex", "reflex loss", "reflex loss"),
        ("numbness hands", "numbness feet", None),
        ("hypothyroidism", "hyperthyroidism", None),
        ("nitrousoxide", "nitrous oxide", "nitrous oxide"),
        ("alls", "falls", None),
        ("", "falls", None),
    ],
)
def test_a_misspelling_is_one_letter_apart_in_a_word_of_four_or_more(given, known, near):
    assert near_words(given, [known]) == near


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("serum homocystine level", "homocysteine"),
        ("h o m o c y s t", "homocysteine"),
        ("k o b a l a m i n", None),
        ("level of mma in serum", "mma"),
        ("sodium", None),
    ],
)
def test_a_marker_is_found_among_words_that_are_not_understood(text, marker):
    assert marker_in(text) == marker


@pytest.mark.parametrize(
    ("name", "meant"), [("Folste", "folate"), ("vitamin B21", "b12"), ("vitB21", "b12"), ("MVC", None), ("B21", None)]
)
def test_only_a_long_name_is_taken_for_a_misspelling(name, meant):
    assert near_test(name) == meant


@pytest.mark.parametrize(
    ("text", "keys"),
    [("UC since 2010", []), ("he takes B6", []), ("known MDS, HIV", ["myelodysplastic_syndrome", "hiv"])],
)
def test_a_term_in_a_text_has_three_letters_or_more(text, keys):
    assert [term.key for term in find_terms(text)] == keys
