"""The pseudo-Voigt function of Thompson, Cox & Hastings, J. Appl. Cryst. 20, 79 (1987), with its derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

Floats = NDArray[np.float64]

_REACH = 20.0  # widths on either side of a line in which it is computed: beyond, a Lorentzian has 1.6 % of its area
_LEAST_REACH = 0.6  # degrees
_FWHM_TERMS = (1.0, 2.69269, 2.42843, 4.47163, 0.07842, 1.0)  # of G⁵, G⁴L, …, L⁵
_MIXING_TERMS = (1.36603, -0.47719, 0.11116)  # of L/H and its powers
_LN2 = float(np.log(2))


@dataclass(frozen=True, kw_only=True, eq=False)
class Shape:
    """Width and mixing of lines (n,), with their derivatives by the Gaussian and the Lorentzian width."""

    width: Floats
    mixing: Floats
    width_by_gaussian: Floats
    width_by_lorentzian: Floats
    mixing_by_gaussian: Floats
    mixing_by_lorentzian: Floats


def shape_of(gaussian: Floats, lorentzian: Floats) -> Shape:
    """Return full width at half maximum and Lorentzian share of convolutions of a Gaussian and a Lorentzian.

    Parameters
    ----------
    gaussian, lorentzian : ndarray, shape (n,)
        Full widths at half maximum, above 0.
    """
    powers = range(6)
    fifth = sum(c * gaussian ** (5 - k) * lorentzian**k for k, c in zip(powers, _FWHM_TERMS, strict=True))
    width = fifth**0.2
    by_gaussian = sum(
        c * (5 - k) * gaussian ** (4 - k) * lorentzian**k for k, c in zip(range(5), _FWHM_TERMS, strict=False)
    )
    by_lorentzian = sum(
        c * k * gaussian ** (5 - k) * lorentzian ** (k - 1) for k, c in zip(range(1, 6), _FWHM_TERMS[1:], strict=True)
    )
    scale = 0.2 * width / fifth
    width_g, width_l = scale * by_gaussian, scale * by_lorentzian
    ratio = lorentzian / width
    first, second, third = _MIXING_TERMS
    mixing = ratio * (first + ratio * (second + ratio * third))
    slope = first + ratio * (2 * second + 3 * ratio * third)
    return Shape(
        width=width,
        mixing=mixing,
        width_by_gaussian=width_g,
        width_by_lorentzian=width_l,
        mixing_by_gaussian=-slope * ratio * width_g / width,
        mixing_by_lorentzian=slope * (1 - ratio * width_l) / width,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Curves:
    """Lines of area 1 over an axis, as sparse arrays (points, lines): values and derivatives."""

    values: csc_array
    by_centre: csc_array
    by_width: csc_array
    by_mixing: csc_array


def curves(x: Floats, centres: Floats, width: Floats, mixing: Floats, *, slopes: bool = True) -> Curves:
    """Compute pseudo-Voigt lines, each within its reach.

    Parameters
    ----------
    x : ndarray, shape (k,)
        Ascending.
    centres, width, mixing : ndarray, shape (n,)
    slopes
        Whether derivatives are wanted; otherwise they are the values.
    """
    reach = np.maximum(_REACH * width, _LEAST_REACH)
    first, last = np.searchsorted(x, centres - reach), np.searchsorted(x, centres + reach)
    counts = last - first
    line = np.repeat(np.arange(len(centres)), counts)
    start = np.concatenate([[0], np.cumsum(counts)])
    point = np.arange(start[-1]) - np.repeat(start[:-1] - first, counts)
    h, eta = width[line], mixing[line]
    u = (x[point] - centres[line]) / h
    square = u * u
    gaussian = 2 * np.sqrt(_LN2 / np.pi) / h * np.exp(-4 * _LN2 * square)
    bell = 1 / (1 + 4 * square)
    lorentzian = 2 / np.pi / h * bell
    values = eta * lorentzian + (1 - eta) * gaussian

    def sparse(entries: Floats) -> csc_array:
        return csc_array((entries, point, start), shape=(len(x), len(centres)))

    whole = sparse(values)
    if not slopes:
        return Curves(values=whole, by_centre=whole, by_width=whole, by_mixing=whole)
    steep_l, steep_g = 8 * bell * lorentzian, 8 * _LN2 * gaussian  # times u: the negative slope by u
    by_centre = u / h * (eta * steep_l + (1 - eta) * steep_g)
    by_width = (square * (eta * steep_l + (1 - eta) * steep_g) - values) / h
    return Curves(
        values=whole,
        by_centre=sparse(by_centre),
        by_width=sparse(by_width),
        by_mixing=sparse(lorentzian - gaussian),
    )
