"""Verbs of 授权 on organisations: register, rename, merge, split."""

from typing import Annotated
from uuid import UUID

from sixgate.domain.authority import Target
from sixgate.kernel.identity import check_uscc
from sixgate.kernel.refusal import Refusal
from sixgate.kernel.text import gettext_noop, normalise
from sixgate.records.models import Organisation, OrganisationName, Region
from sixgate.usecases._frame import Act, Answer, Label, verb


@verb("authority.register_organisation", gettext_noop("登记单位"))
def register_organisation(
    act: Act,
    *,
    name: Annotated[str, Label(gettext_noop("单位名称"))],
    region_code: Annotated[str, Label(gettext_noop("行政区划代码"))] = "",
    uscc: Annotated[str, Label(gettext_noop("统一社会信用代码"))] = "",
    parent_id: Annotated[UUID | None, Label(gettext_noop("上级单位"))] = None,
) -> Answer:
    """Register an organisation with its first name; return its id."""
    act.permit(Target(region_code=region_code))
    if region_code and not Region.objects.filter(pk=region_code).exists():
        raise Refusal("region_unknown", gettext_noop("没有行政区划代码 {region}。"), field="region_code", region=region_code)
    title = normalise(name)
    if not title:
        raise Refusal("name_empty", gettext_noop("请填写单位名称。"), field="name")
    organisation = Organisation.objects.create(name=title, region_id=region_code or None, uscc=check_uscc(uscc) if uscc.strip() else "", parent_id=parent_id)
    OrganisationName.objects.create(organisation=organisation, name=title, valid_from=None, event_id=act.event_id)
    act.enter("organisation", organisation.id, name=title, region=region_code, uscc=uscc)
    return {"organisation": str(organisation.id)}
