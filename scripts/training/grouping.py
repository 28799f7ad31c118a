"""Phrases that are much alike, found so that cross-validation never tests on a near copy of what it trained on."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

ALIKE = 0.5  #: the share of letter groups in common from which two phrases are one group


def groups_of(texts: Sequence[Sequence[str]], share: float = ALIKE) -> NDArray[np.int64]:
    """Give each text's group: texts in different groups share less than this of their letter groups."""
    groups = [letter_groups(words) for words in texts]
    names = {name: number for number, name in enumerate(sorted(set().union(*groups)))}
    rows = np.repeat(np.arange(len(groups)), [len(found) for found in groups])
    columns = np.array([names[name] for found in groups for name in sorted(found)], dtype=np.int64)
    has = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(groups), max(len(names), 1)))
    shared = (has @ has.T).tocoo()
    sizes = np.array([len(found) for found in groups])
    either = sizes[shared.row] + sizes[shared.col] - shared.data
    alike = shared.data >= share * either
    pairs = (np.ones(int(alike.sum())), (shared.row[alike], shared.col[alike]))
    return np.asarray(connected_components(sparse.csr_matrix(pairs, shape=(len(groups),) * 2))[1], dtype=np.int64)


def letter_groups(words: Sequence[str]) -> frozenset[str]:
    """Give the groups of three letters in a text, word ends included."""
    text = f" {' '.join(words)} "
    return frozenset(text[start : start + 3] for start in range(len(text) - 2))
