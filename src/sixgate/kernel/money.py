"""Money as integer 分. Yuan and 万元 exist only at doors; a float never enters.

Foreign or unscaled amounts stay text; they become Fen only through a rate entered as provenance, which is not this module's business.
"""

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from typing import Final, NewType

from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop

Fen = NewType("Fen", int)

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
BASIS_POINTS = 10_000
MOST_FEN: Final = 10**13  # 1,000 亿元: no single amount here is more, a slip of the unit soon is

_EXACTLY: Final = Context(prec=40, traps=[Inexact])


def fen_of_yuan(yuan: Decimal) -> Fen:
    """Convert yuan to 分 exactly; raise Refusal when the amount is finer than one 分, beyond MOST_FEN or not finite."""
    return _exact(yuan, FEN_PER_YUAN)


def fen_of_wan(wan: Decimal) -> Fen:
    """Convert 万元 to 分 exactly; raise Refusal when the amount is finer than one 分, beyond MOST_FEN or not finite."""
    return _exact(wan, FEN_PER_WAN)


def wan_text(fen: int) -> str:
    """Write 分 as 万元 with two decimals and thousands separators, rounded half up, without the unit."""
    hundredths = (abs(fen) + FEN_PER_WAN // 200) // (FEN_PER_WAN // 100)
    sign = "-" if fen < 0 and hundredths else ""
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02d}"


def yuan_text(fen: int) -> str:
    """Write 分 as yuan with two decimals and thousands separators, without the unit."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def ratio_bp(part: int, whole: int) -> int | None:
    """Return part/whole in basis points, rounded away from zero so that "just over" stays over; None when the base is not positive."""
    if whole <= 0:
        return None
    sign = -1 if part < 0 else 1
    return sign * -(-abs(part) * BASIS_POINTS // whole)


def split(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """Divide an amount in proportion to non-negative weights so that the shares add up exactly (largest remainder)."""
    base = sum(weights)
    if base <= 0 or min(weights) < 0:
        raise Refusal("weights_unusable", gettext_noop("分摊比例须为非负数，且合计大于零。"))
    shares = [total * weight // base for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % base), i))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return [Fen(share) for share in shares]


def _exact(amount: Decimal, scale: int) -> Fen:
    if not amount.is_finite():
        raise Refusal("amount_not_finite", gettext_noop("金额不是一个数。"))
    if amount.copy_abs() > Decimal(MOST_FEN) / scale:
        raise Refusal("amount_too_large", gettext_noop("金额超过 1000 亿元，请核对单位。"))
    try:
        return Fen(int(_EXACTLY.to_integral_exact(_EXACTLY.multiply(amount, Decimal(scale)))))
    except Inexact:
        raise Refusal("amount_too_fine", gettext_noop("金额 {amount} 精确到了分以下，请核对。"), amount=amount) from None
