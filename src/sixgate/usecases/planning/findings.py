"""What people say of a contradiction a check found: explained, accepted until a day, taken up again. Finding it and clearing it is no act of a person."""

from datetime import date
from typing import Annotated
from uuid import UUID

from sixgate.domain.planning import finding as decisions
from sixgate.kernel.refusal import Invisible, Refusal
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import Finding, FindingWord
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._project import locked, target_of

FINDING = Label(gettext_noop("体检发现"))
TEXT = Label(gettext_noop("说明"), gettext_noop("写清原因、依据，或什么时候改好。"), multiline=True)


@verb("planning.explain_finding", gettext_noop("说明体检发现"))
def explain_finding(act: Act, *, finding_id: Annotated[UUID, FINDING], text: Annotated[str, TEXT]) -> Answer:
    """Explain a finding; it stays explained until its facts change or it comes back."""
    row = _permitted(act, finding_id)
    return _say(act, row, "explained", decisions.explained(row.state), text)


@verb("planning.accept_finding", gettext_noop("认可体检发现"))
def accept_finding(
    act: Act,
    *,
    finding_id: Annotated[UUID, FINDING],
    until: Annotated[date, Label(gettext_noop("认可到哪天"), gettext_noop("到期自动重新打开；一次最多一年。"))],
    text: Annotated[str, TEXT],
) -> Answer:
    """Accept a finding until a day, after which it is open again."""
    row = _permitted(act, finding_id)
    return _say(act, row, "accepted", decisions.accepted(row.state, until, act.day), text, until)


@verb("planning.reopen_finding", gettext_noop("重新打开体检发现"))
def reopen_finding(act: Act, *, finding_id: Annotated[UUID, FINDING], text: Annotated[str, TEXT]) -> Answer:
    """Take a finding up again that was explained or accepted."""
    row = _permitted(act, finding_id)
    return _say(act, row, "reopened", decisions.taken_up_again(row.state), text)


def _permitted(act: Act, finding_id: UUID) -> Finding:
    """Return the finding with its project locked; raise Invisible when the actor cannot see the project, Forbidden when the act is not theirs."""
    place = Finding.objects.filter(pk=finding_id).values_list("project_id", flat=True).first()
    if place is None:
        raise Invisible
    act.permit(target_of(locked(act, place, even_closed=True)))
    return Finding.objects.get(pk=finding_id)


def _say(act: Act, row: Finding, kind: str, state: decisions.State, text: str, until: date | None = None) -> Answer:
    if not text.strip():
        raise Refusal("text_wanted", gettext_noop("请写明说明。"), field="text")
    word = FindingWord.objects.create(
        finding=row, kind=kind, text=text.strip(), until=until, person_id=act.actor.id, at=act.at, event_id=act.event_id
    )
    Finding.objects.filter(pk=row.pk).update(state=state.value, accepted_until=until)
    act.enter("finding", row.id, project_id=row.project_id, check=row.check_id, text=word.text, **({"until": until} if until else {}))
    return {"finding": str(row.id), "state": state.value}
