"""What hypothesis draws for the statistics of agreement."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from annotations.agreement.ratings import Ratings


@st.composite
def ratings(draw, readers=(2, 5), cases=(2, 12), categories=(2, 4), missing=True):
    """Ratings of a few readers, with or without missing ones."""
    size = draw(st.integers(*categories))
    shape = (draw(st.integers(*readers)), draw(st.integers(*cases)))
    codes = draw(hnp.arrays(np.int16, shape, elements=st.integers(-1 if missing else 0, size - 1)))
    return Ratings(codes, tuple(range(1, size + 1)))


@st.composite
def measurements(draw, readers=(2, 5), cases=(3, 10)):
    """Measurements on a grid, so that rounding never hides what is exact."""
    shape = (draw(st.integers(*readers)), draw(st.integers(*cases)))
    return draw(hnp.arrays(np.int64, shape, elements=st.integers(0, 40))).astype(np.float64) / 4
