"""A bureau's own templates: checked when they are added, so that filling them in later cannot fail for a misspelt name. A new one takes the old one's place."""

from typing import Annotated, Any
from uuid import UUID

from sixgate.domain.authority import Target
from sixgate.engines.documents.template import Form, read_form
from sixgate.kernel.refusal import Invisible, Refusal
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import DocumentTemplate, Organisation
from sixgate.records.store import FileRef, adopt, discard, path_of
from sixgate.usecases._frame import Act, Answer, Label, verb
from sixgate.usecases._screening import UPLOAD_SCREENING, screened
from sixgate.usecases.planning.placeholders import KINDS, PLACEHOLDERS

FILE = Label(gettext_noop("模板文件"), gettext_noop(".docx 或 .xlsx，在要填的地方写占位符。"))
NAME = Label(gettext_noop("模板名称"), gettext_noop("同一单位同一用途下同名的，新的替换旧的。"), longest=80)
BODY = Label(gettext_noop("哪个单位的模板"), gettext_noop("这个单位的人都能用。"))


def _prepare(**given: Any) -> Form | None:
    names = PLACEHOLDERS.get(given["kind"])
    if names is None:
        return None
    return read_form(path_of(given["file"]), list(names.values), {group: list(fields) for group, fields in names.lists.items()})


@verb("planning.add_template", gettext_noop("添加模板"), prepare=_prepare)
def add_template(
    act: Act,
    *,
    organisation_id: Annotated[UUID, BODY],
    kind: Annotated[str, Label(gettext_noop("用途"), choices=KINDS)],
    name: Annotated[str, NAME],
    file: Annotated[FileRef, FILE],
    screening: Annotated[str, UPLOAD_SCREENING],
) -> Answer:
    """Keep a template whose every name is known; refuse one that could do harm or names what there is not, naming the place."""
    body = Organisation.objects.filter(pk=organisation_id, ended_on=None).first()
    if body is None:
        raise Invisible
    act.permit(Target(body.id, body.region_id or ""))
    screened(act, screening, [file.name, name], lambda: discard([file]))
    title, form = normalise(name), act.prepared
    if not title:
        raise Refusal("name_length", gettext_noop("名称须为 1 到 80 个字。"), field="name")
    if form is None:
        raise Refusal("template_kind_unknown", gettext_noop("没有这种用途的模板。"), field="kind")
    stored = adopt(file)
    DocumentTemplate.objects.filter(organisation=body, kind=kind, name=title, replaced_on=None).update(replaced_on=act.day)
    row = DocumentTemplate.objects.create(
        organisation=body, kind=kind, name=title, file=stored, placeholders={"format": form.kind, "names": list(form.names)}, added_on=act.day
    )
    act.enter("template", row.id, organisation=body.id, kind=kind, name=title, file=file.name, sm3=stored.sm3, names=list(form.names))
    return {"template": str(row.id), "format": form.kind, "names": list(form.names)}
