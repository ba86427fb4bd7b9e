"""Words and meaning: folding, synonyms, the tokenizer and the ranking of paraphrases."""

from __future__ import annotations

import pytest

from assay.cases.embedding import WordPiece
from assay.cases.meaning import Meaning
from assay.cases.words import canonical, lexical, plain, stem, word_number, word_ordinal


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return Meaning()


@pytest.mark.parametrize(
    ("a", "b", "least"),
    [
        ("Log in", "LOG IN", 1.0),
        ("user name", "Username:", 0.9),
        ("basket", "Cart", 0.9),
        ("remove", "Delete", 0.9),
        ("sign in", "Login", 0.9),
        ("price", "Prices", 0.95),
        ("basket", "View basket", 0.8),
        ("Poll 1", "poll 01", 0.9),
        ("e-mail", "Email address", 0.9),
        ("toggle-all", "Mark all as complete", 0.9),
    ],
)
def test_words_that_mean_the_same(a: str, b: str, least: float) -> None:
    assert lexical(a, b) >= least


@pytest.mark.parametrize(
    ("a", "b", "most"),
    [
        ("create a new account", "Delete account", 0.4),
        ("Save", "Cancel", 0.1),
        ("question 5", "question 50", 0.6),
        ("x", "All", 0.0),
        ("", "anything", 0.0),
    ],
)
def test_words_that_do_not(a: str, b: str, most: float) -> None:
    assert lexical(a, b) <= most


def test_folding_and_numbers() -> None:
    assert plain("Änderungs-Datum") == "anderungs datum"
    assert plain("×") == "x"
    assert plain("addToCart_button") == "add to cart button"
    assert stem("categories") == "category"
    assert stem("address") == "address"
    assert canonical("Create a new account") == ("register",)
    assert (word_number("twelve"), word_number("7"), word_number("many")) == (12, 7, None)
    assert (word_ordinal("3rd"), word_ordinal("last"), word_ordinal("Save")) == (3, -1, None)


def test_tokenizer_cuts_words_as_bert_does() -> None:
    words = ["[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "cafe", ",", "!"]
    tokenizer = WordPiece(words)
    assert tokenizer.encode("unaffable Café, xyz!") == [1, 3, 4, 5, 6, 7, 0, 8, 2]
    assert len(tokenizer.encode("cafe " * 100)) == 32


# A paraphrase and the control it means, among controls that share words with it.
PARAPHRASES = [
    ("finish my purchase", "Place order"),
    ("throw the item away", "Delete"),
    ("get a copy of the file", "Download"),
    ("leave the site", "Log out"),
    ("change my secret word", "Change password"),
    ("see earlier purchases", "Order history"),
    ("talk to somebody", "Contact us"),
    ("make the text bigger", "Increase font size"),
    ("look for something", "Search"),
    ("become a member", "Sign up"),
    ("send the letter", "Send message"),
    ("take a picture", "Camera"),
]


def test_ranks_paraphrases_among_the_first_three(meaning: Meaning) -> None:
    names = [name for _, name in PARAPHRASES]
    places = [
        [names[at] for at, _ in meaning.rank(query, names)].index(name)
        for query, name in PARAPHRASES
    ]
    assert sum(place < 3 for place in places) >= 11, places
    assert sum(place == 0 for place in places) >= 8, places


def test_meaning_never_outranks_words(meaning: Meaning) -> None:
    assert meaning.embedded("create a new account", ["Delete account"])[0] < 0.72
    assert meaning.similarity("Save", "save") >= 0.95
    assert meaning.rank("sign in", ["Delete", "Login"])[0][0] == 1


def test_without_embeddings_words_alone_decide() -> None:
    plain_words = Meaning(embeddings=False)
    plain_words.warm()
    assert plain_words.embedded("a", ["b"]) == [0.0]
    assert plain_words.similarity("basket", "cart") >= 0.9
