"""Fitting the linear model: logistic regression on features and meaning. For training only: needs scikit-learn."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from bot.questions.features import SLOTS, features, rarity_of
from bot.questions.meaning import Condenser
from bot.questions.model import MEANING

Floats = NDArray[np.float32]

STEPS = 400  #: more than fitting takes
STRENGTH = 10.0  #: how little the weights are held back; chosen by cross-validation


@dataclass(frozen=True, kw_only=True)
class Space:
    """Where texts are placed before a model is fitted: how rare features are, and the directions of meaning."""

    rarity: Floats
    condenser: Condenser

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]], meanings: Floats) -> "Space":
        """Give the space that these texts make."""
        rarity = rarity_of(texts).astype(np.float16).astype(np.float32)
        return cls(rarity=rarity, condenser=Condenser.of(meanings))

    def matrix(self, texts: Sequence[Sequence[str]], meanings: Floats) -> sparse.csr_matrix:
        """Give a row a text: its features by slot, then its condensed meaning."""
        found = [features(words, self.rarity) for words in texts]
        rows = np.repeat(np.arange(len(found)), [len(one.slots) for one in found])
        values = np.concatenate([one.weights for one in found])
        slots = np.concatenate([one.slots for one in found])
        surface = sparse.csr_matrix((values, (rows, slots)), shape=(len(found), SLOTS))
        return sparse.hstack([surface, sparse.csr_matrix(self.condenser.condense(meanings) * MEANING)]).tocsr()


@dataclass(frozen=True, kw_only=True)
class Linear:
    """A fitted model."""

    labels: tuple[str, ...]
    coefficients: NDArray[np.float64]  #: per label and column of the matrix
    bias: NDArray[np.float64]  #: per label

    @classmethod
    def fit(
        cls, matrix: sparse.csr_matrix, labels: NDArray[np.str_], steps: int = STEPS, strength: float = STRENGTH
    ) -> "Linear":
        """
        Fit on the columns that are used, in so many steps at most; the others get weight 0.

        A single label is always the answer.
        """
        if len(names := np.unique(labels)) == 1:
            return cls(labels=(str(names[0]),), coefficients=np.zeros((1, matrix.shape[1])), bias=np.zeros(1))
        used = np.unique(matrix.indices)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # fewer steps are enough where they were asked for
            fitted = LogisticRegression(C=strength, max_iter=steps).fit(matrix[:, used], labels)
        found, bias = _per_class(fitted.coef_), _per_class(fitted.intercept_)
        coefficients = np.zeros((len(found), matrix.shape[1]))
        coefficients[:, used] = found
        return cls(labels=tuple(str(label) for label in fitted.classes_), coefficients=coefficients, bias=bias)

    def likelihoods(self, matrix: sparse.csr_matrix) -> Floats:
        """Give a row a text: how likely each label is."""
        scores = matrix @ self.coefficients.T + self.bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def _per_class(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give one row a class, where scikit-learn gives one row for two classes."""
    return np.concatenate([-values / 2, values / 2]) if len(values) == 1 else values
