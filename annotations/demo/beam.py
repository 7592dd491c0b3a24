"""From reflectivity to grey: the scanner's beam, its speckle, its gain and its logarithm.

Speckle is fully developed: complex Gaussian scatterers under a point-spread function, whose envelope is
Rayleigh (Wagner et al. 1983, doi:10.1109/T-SU.1983.31404). The beam is broader than the pulse is long, and
broadest away from the focus. Scanners of today average several views (spatial compounding), which lowers the
speckle contrast by the root of their number; so do we.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from annotations.demo.noise import Field


@dataclass(frozen=True, slots=True)
class Scanner:
    """How a machine draws. Lengths in mm are SDs of the point spread, levels are dB below white."""

    axial_mm: float
    lateral_mm: float
    focus_mm: float
    defocus: float  # share by which the beam widens one focal length away from the focus
    looks: int
    range_db: float
    gamma: float
    sharpening: float
    noise_db: float


SCANNERS: dict[int, Scanner] = {
    # 5-12 MHz: coarser, softer grey
    1: Scanner(0.080, 0.155, 17.0, 1.0, 3, 60.0, 1.2, 0.25, -64.0),
    # 4-15 MHz: finer, harder grey
    2: Scanner(0.060, 0.120, 15.0, 1.0, 3, 59.0, 1.25, 0.3, -65.0),
}


def envelope(
    amplitude: Field,
    mirror: Field,
    depth_mm: Field,
    mm_per_px: float,
    scanner: Scanner,
    rng: np.random.Generator,
) -> Field:
    """Envelope of one or more views of the scatterers' `amplitude` and of smooth interfaces' `mirror` echo.

    All arrays are (height, width) and linear; depth_mm is (height, 1). With one look and no mirror it is
    Rayleigh with mean square 2 * amplitude**2.
    """
    axial = max(scanner.axial_mm / mm_per_px, 0.6)
    lateral = scanner.lateral_mm / mm_per_px
    blurred = np.minimum(np.abs(depth_mm / np.float32(scanner.focus_mm) - 1), 1.4)
    widths = (lateral, lateral * (1 + scanner.defocus))
    interface = _beamed(mirror, axial, widths, blurred, of_noise=False)
    total = np.zeros_like(amplitude)
    for _ in range(scanner.looks):
        parts = []
        for quadrature in (1.0, 0.0):
            scatter = amplitude * rng.standard_normal(amplitude.shape, dtype=np.float32)
            echo = _beamed(scatter, axial, widths, blurred, of_noise=True)
            parts.append(echo + np.float32(quadrature) * interface)
        total += np.hypot(*parts)
    return total / np.float32(scanner.looks)


def _beamed(field: Field, axial: float, widths: tuple[float, float], blurred: Field, *, of_noise: bool) -> Field:
    """Field under a point spread that widens away from the focus; noise keeps its variance."""
    pulse = gaussian_filter1d(field, axial, axis=0, truncate=3.0)
    near, far = (gaussian_filter1d(pulse, w, axis=1, truncate=3.0) for w in widths)
    if of_noise:  # white noise under a Gaussian of width s keeps 1 / (2 s sqrt(pi)) of its variance per axis
        near *= np.float32(2 * np.sqrt(np.pi * axial * widths[0]))
        far *= np.float32(2 * np.sqrt(np.pi * axial * widths[1]))
    return near + blurred * (far - near)


def grey_levels(
    echo: Field, gain_db: Field, scanner: Scanner, rng: np.random.Generator
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """8-bit picture of an envelope: gain, electronic noise, logarithm, grey map and sharpening."""
    noise = rng.standard_normal((2, *echo.shape), dtype=np.float32) * np.float32(10 ** (scanner.noise_db / 20))
    noise = gaussian_filter1d(np.hypot(*noise), 0.7, axis=0)
    echo = gaussian_filter(echo, 0.95)  # detected samples are averaged before the logarithm
    level = 20 * np.log10(np.hypot(echo * 10 ** (gain_db / np.float32(20)), noise) + np.float32(1e-6))
    level += np.float32(scanner.sharpening) * (level - gaussian_filter(level, 1.6))
    grey = np.clip(1 + level / np.float32(scanner.range_db), 0, 1) ** np.float32(scanner.gamma)
    return np.round(255 * grey).astype(np.uint8)
