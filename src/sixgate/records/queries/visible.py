"""What an actor may see, as SQL. A region post sees its region, other posts their organisation or their one project."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from sixgate.domain.authority import ADMINISTRATIVE, DutyLike, PostFact, region_prefix
from sixgate.records.models import Project


def visible_projects(posts: Iterable[PostFact], duties: dict[str, DutyLike]) -> QuerySet[Project]:
    """Return the projects the posts reach; nothing without a post, nor for the three administrators, who have no part in business."""
    reach = Q(pk__in=[])
    for post in posts:
        if post.duty in ADMINISTRATIVE:
            continue
        duty = duties.get(post.duty)
        if post.project_id is not None:
            reach |= Q(pk=post.project_id)
        elif duty is not None and duty.scope == "region":
            reach |= Q(region_code__startswith=region_prefix(post.region_code)) if post.region_code else Q()
            if not post.region_code:
                return Project.objects.filter(withdrawn=False)
        else:
            reach |= Q(owner_id=post.organisation_id)
    return Project.objects.filter(reach, withdrawn=False)
