"""Reading the ledger: whose eyes see which acts, what each is called, and one act opened for a reader. Changes nothing."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sixgate.domain.authority import Target, post_permitting
from sixgate.kernel.refusal import Invisible
from sixgate.kernel.text import gettext_noop
from sixgate.records.models import LedgerEvent, Project
from sixgate.records.queries.ledger import EventProof, Reader, event_proof
from sixgate.usecases import _law
from sixgate.usecases._frame import Actor, today
from sixgate.usecases._project import target_of
from sixgate.usecases._registry import verbs, visible_to
from sixgate.usecases.authority.sign_in import TITLES
from sixgate.usecases.backup import RESTORED
from sixgate.usecases.lifecycle.reading import opens_secrets

READ_ALL: Final = "ledger.read_all"  # a right of the audit administrator, not a verb: reading changes nothing


def reader_of(actor: Actor) -> Reader:
    """Return what an actor may read: everything for the audit administrator, else acts on visible projects and one's own."""
    sees_all = post_permitting(READ_ALL, actor.posts, _law.duties(today()), Target(), today()) is not None
    return Reader(actor.id, sees_all, visible_to(actor))


def open_event(actor: Actor, event_id: UUID) -> EventProof:
    """Return one act with its proof; raise Invisible when the actor may not read it. Work secrets stay closed without the post that opens them."""
    project_id = LedgerEvent.objects.filter(pk=event_id).values_list("project_id", flat=True).first()
    project = Project.objects.filter(pk=project_id).select_related("owner").first() if project_id else None
    proof = event_proof(reader_of(actor), event_id, opens_secrets=project is not None and opens_secrets(actor, target_of(project)))
    if proof is None:
        raise Invisible
    return proof


def action_titles() -> Mapping[str, str]:
    """Return what people call each action that may stand in the ledger: the verbs, what happens at the door, and what happens to the machine."""
    return {**{address: verb.title for address, verb in verbs().items()}, **TITLES, RESTORED: gettext_noop("从备份恢复")}
