"""How templates write values and addresses: money in 万元, digests short, codes by their title, acts by what they need. Load with `{% load wording %}`."""

from collections.abc import Mapping
from decimal import Decimal

from django.template import Library
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from sixgate.kernel.money import wan_text
from sixgate.usecases._offers import evidence_kind
from sixgate.usecases.authority.clauses import Standing

register = Library()
NOT_KNOWN = "—"
BY_GATE = ("request_gate", "take_over_gate")
OBJECTS = {"check_record": "passage_id", "close_condition": "condition_id", "withdraw_evidence": "version_id"}


@register.filter
def wan(fen: int | None) -> str:
    """Write 分 as 万元 with two decimals, a dash where the amount is not known; the unit stands beside it or in the head."""
    return NOT_KNOWN if fen is None else wan_text(fen)


@register.filter
def wan_value(fen: int | None) -> str:
    """Write 分 as a plain number of 万元 for a chart, nothing where the amount is not known."""
    return "" if fen is None else f"{Decimal(fen).scaleb(-6):f}"


@register.filter
def signed_wan(fen: int) -> str:
    """Write a difference of 分 in 万元 with its sign."""
    return f"{'+' if fen > 0 else ''}{wan_text(fen)}"


@register.filter
def signed(number: int) -> str:
    """Write a difference with its sign."""
    return f"{number:+d}" if number else "0"


@register.filter
def size_of(number: int) -> int:
    """Return a difference without its sign, for words that say the direction."""
    return abs(number)


@register.filter
def item(row: Mapping[str, int], key: str) -> int | None:
    """Return what a mapping holds under a key, None where it holds nothing."""
    return row.get(key)


@register.filter
def titled(code: str, titles: Mapping[str, str]) -> str:
    """Write a code by its title in the reader's language; a code without title stays as it is."""
    title = titles.get(code, code)
    return gettext(title) if title else ""


@register.filter
def documents(standing: Standing) -> str:
    """Write the documents a rule rests on, each once."""
    return "；".join(dict.fromkeys(f"《{item.document.strip('《》')}》{item.number}" for item in standing.rule.clauses))


@register.filter
def short(digest: str) -> str:
    """Write a digest by its first eight and last four characters."""
    return f"{digest[:8]}…{digest[-4:]}" if len(digest) > 16 else digest


@register.simple_tag
def act_url(project_id: object, address: str, object_id: object = "", gate: str = "") -> str:
    """Return the address of a verb's form on a project: about a gate, or about the object the verb is done to."""
    name = address.rpartition(".")[2]
    given = {"gate": gate} if name in BY_GATE else {OBJECTS.get(name, "request_id"): str(object_id)} if object_id else {}
    return reverse("act", args=[project_id, address]) + (f"?{urlencode(given)}" if given else "")


@register.simple_tag
def submit_url(project_id: object, kind: str, subject_id: str, region: str) -> str:
    """Return the address of the form of a kind of evidence, for the system or contract it is about; empty when there is no such kind."""
    found = evidence_kind(kind, region)
    if found is None:
        return ""
    given = {"kind": kind} | ({f"{found.subject}_id": subject_id} if subject_id else {})
    return reverse("act", args=[project_id, f"lifecycle.{found.stage}.submit_evidence"]) + f"?{urlencode(given)}"
