"""People and their accounts as pages need them: a searchable list, one person, the holder of a password link, people to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.db.models import Exists, OuterRef, Q
from django.utils.http import urlsafe_base64_decode

from sixgate.domain.authority import region_prefix
from sixgate.records.models import Delegation, Post, Project, User
from sixgate.records.queries.keyset import Order, slice_of
from sixgate.records.queries.organisations import PostLine, posts_of_person

PAGE = 50
MOST = 1000
_BY_NAME = Order(("name", "id"), ("", None))
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list; `posts` are duty and organisation of the posts in force."""

    id: UUID
    name: str
    username: str
    active: bool
    posts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Lines and the cursors of the pages around them."""

    rows: Sequence[PersonRow]
    total: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LoanLine:
    """A post lent to a person, and whose it is."""

    id: UUID
    duty: str
    organisation: str
    other_id: UUID
    other: str
    since: date
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What the page of one person shows."""

    id: UUID
    name: str
    username: str
    email: str
    active: bool
    may_sign_in: bool
    last_sign_in: datetime | None
    present: Sequence[PostLine]
    past: Sequence[PostLine]
    borrowed: Sequence[LoanLine]
    bodies: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PostHead:
    """A post named for a form that is about it."""

    id: UUID
    person_id: UUID
    person: str
    duty: str
    organisation_id: UUID
    organisation: str
    region_code: str


def people_list(words: str, day: date, *, suspended: bool = False, after: str = "", before: str = "") -> PeoplePage:
    """Return a page of people by name; each word occurs in the name, is the sign-in name, or names an organisation where they hold a post."""
    found = User.objects.all() if suspended else User.objects.filter(is_active=True)
    for word in words.split():
        there = Post.objects.filter(_in_force(day), person=OuterRef("pk"), organisation__name__icontains=word)
        found = found.filter(Q(name__icontains=word) | Q(username=word) | Exists(there))
    page = slice_of(found, ("id", "name", "username", "is_active"), _BY_NAME, size=PAGE, after=after, before=before)
    held: dict[UUID, list[tuple[str, str]]] = {}
    posts = Post.objects.filter(_in_force(day), person__in=[row["id"] for row in page.rows]).order_by("duty")
    for person, duty, body in posts.values_list("person_id", "duty", "organisation__name"):
        held.setdefault(person, []).append((duty, body))
    rows = [PersonRow(row["id"], row["name"], row["username"], row["is_active"], held.get(row["id"], [])) for row in page.rows]
    return PeoplePage(rows, found.count(), page.before, page.after)


def person_card(person_id: UUID, day: date) -> PersonCard | None:
    """Return one person as they stand on a day."""
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        return None
    posts = posts_of_person(person_id, day)
    present = [line for line in posts if line.until is None or line.until > day]
    loans = (
        Delegation.objects.filter(delegate=person, valid_until__gt=day).select_related("post__person", "post__organisation").order_by("valid_from")
    )
    return PersonCard(
        person.id,
        person.name,
        person.username,
        person.email,
        person.is_active,
        person.has_usable_password(),
        person.last_login,
        present,
        [line for line in posts if line not in present],
        [_loan(loan) for loan in loans],
        list(dict.fromkeys((str(line.organisation_id), line.organisation) for line in present)),
    )


def regions_of_person(person_id: UUID, day: date) -> Sequence[str]:
    """Return the divisions of the organisations where a person holds a post on a day or later."""
    posts = Post.objects.filter(Q(valid_until=None) | Q(valid_until__gt=day), person_id=person_id)
    return sorted({code or "" for code in posts.values_list("organisation__region_id", flat=True)})


def post_head(post_id: UUID) -> PostHead | None:
    """Return a post named, None when there is none."""
    post = Post.objects.filter(pk=post_id).select_related("person", "organisation").first()
    if post is None:
        return None
    return PostHead(
        post.id, post.person_id, post.person.name, post.duty, post.organisation_id, post.organisation.name, post.organisation.region_id or ""
    )


def post_of_loan(delegation_id: UUID) -> UUID | None:
    """Return the post a loan is of."""
    return Delegation.objects.filter(pk=delegation_id).values_list("post_id", flat=True).first()


def link_holder(uid: str, token: str) -> tuple[UUID, str] | None:
    """Return id and name of the person a password link was made for, None when it is used up, too old or made up."""
    try:
        person = User.objects.filter(pk=UUID(urlsafe_base64_decode(uid).decode()), is_active=True).first()
    except ValueError:
        return None
    return (person.id, person.name) if person is not None and default_token_generator.check_token(person, token) else None


def people_to_choose(organisation_id: UUID, day: date, *, without: UUID | None = None) -> Choices:
    """Return people with an account in use, those of an organisation first; each with the sign-in name, for names that occur twice."""
    here = Post.objects.filter(_in_force(day), person=OuterRef("pk"), organisation_id=organisation_id)
    found = (
        User.objects.filter(is_active=True)
        .exclude(pk__in=[without] if without else [])
        .annotate(near=Exists(here))
        .order_by("-near", "name", "username")
    )
    return tuple((str(person.id), f"{person.name}（{person.username}）") for person in found[:MOST])


def projects_to_choose(regions: Sequence[str]) -> Choices:
    """Return the projects of regions, by name: for a post that reaches one project only."""
    where = Q()
    for code in regions:
        where |= Q(region_code__startswith=region_prefix(code)) if code else Q()
    found = Project.objects.filter(where, withdrawn=False, status__in=["active", "suspended"]).order_by("name")
    return tuple((str(key), name) for key, name in found.values_list("id", "name")[:MOST])


def _in_force(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))


def _loan(loan: Delegation) -> LoanLine:
    post = loan.post
    return LoanLine(loan.id, post.duty, post.organisation.name, post.person_id, post.person.name, loan.valid_from, loan.valid_until, loan.reason)
