"""Posts: appointed, ended, handed over, lent; three administrators apart."""

from datetime import timedelta
from typing import Any

import pytest

from factories import CITY, acting, cast, person, world
from journey import asked, project_of
from sixgate.kernel.refusal import Conflict, Forbidden, Refusal
from sixgate.records.models import Delegation, Organisation, Post, User
from sixgate.records.queries.people import posts_of
from sixgate.usecases._frame import today
from sixgate.usecases.authority.people import appoint_person, delegate_post, end_delegation, end_post, hand_over_posts
from sixgate.usecases.lifecycle.joint import sign_off

pytestmark = pytest.mark.usefixtures("rows", "own_files")
DAY = timedelta(days=1)


def secadmin() -> Any:
    """Return an actor who may give posts in the city."""
    return acting(person("sec", Organisation.objects.create(name="市数据局安全处", region_id=CITY), "SECADMIN"))


@pytest.mark.parametrize(
    ("held", "asked_for"), [("SYSADMIN", "SECADMIN"), ("SECADMIN", "AUDITOR"), ("AUDITOR", "PMO"), ("OWN", "SYSADMIN")], ids=lambda duty: str(duty)
)
def test_an_administrator_is_nothing_else(held: str, asked_for: str) -> None:
    here = world()
    someone = person("someone", here.bureau, held)
    with pytest.raises(Conflict) as refusal:
        appoint_person(secadmin(), person_id=someone.id, organisation_id=here.bureau.id, duty=asked_for, valid_from=today())
    assert (refusal.value.code, refusal.value.clause) == ("administrators_apart", "GB/T 22239-2019")
    assert someone.posts.count() == 1


def test_one_duty_after_the_other_is_allowed() -> None:
    here = world()
    someone = person("someone", here.bureau, "OWN")
    someone.posts.update(valid_until=today() + 9 * DAY)
    appoint_person(secadmin(), person_id=someone.id, organisation_id=here.bureau.id, duty="SYSADMIN", valid_from=today() + 9 * DAY)
    assert set(someone.posts.values_list("duty", flat=True)) == {"OWN", "SYSADMIN"}


def test_nobody_gives_themselves_a_post() -> None:
    here, actor = world(), secadmin()
    with pytest.raises(Forbidden, match="不能给自己"):
        appoint_person(actor, person_id=actor.id, organisation_id=here.bureau.id, duty="OWN", valid_from=today())


def test_a_post_ends_before_its_last_day_and_the_last_administrator_stays() -> None:
    here, actor = world(), secadmin()
    post = person("chen", here.bureau, "OWN").posts.get()
    end_post(actor, post_id=post.id, from_day=today() + DAY, reason="调离")
    assert [bool(posts_of(post.person_id, day)) for day in (today(), today() + DAY)] == [True, False]
    with pytest.raises(Refusal, match="不能早于今天"):
        end_post(actor, post_id=person("wu", here.bureau, "OWN").posts.get().id, from_day=today() - DAY, reason="调离")
    with pytest.raises(Conflict, match="最后一位"):
        end_post(actor, post_id=Post.objects.get(duty="SECADMIN").id, from_day=today(), reason="调离")


def test_what_waited_for_one_waits_for_the_successor() -> None:
    people = cast()
    project = project_of(people)
    request = asked(people, project)
    successor = person("xin", people.here.other)
    outside = Organisation.objects.get(name="市级会签部门")
    answer = hand_over_posts(
        secadmin(), person_id=people.cyber.id, organisation_id=outside.id, successor_id=successor.id, from_day=today(), reason="轮岗"
    )
    old, new = Post.objects.get(person_id=people.cyber.id), Post.objects.get(person=successor)
    assert answer["posts"] == [str(new.id)]
    assert (old.valid_until, new.valid_from, new.duty, new.region_code) == (today(), today(), "CAC", CITY)
    with pytest.raises((Forbidden, Refusal)):
        sign_off["initiation"](acting(User.objects.get(username="xu")), request_id=request, agrees=True)
    assert sign_off["initiation"](acting(successor), request_id=request, agrees=True)["event"]


def test_handing_over_moves_posts_that_begin_later_and_keeps_their_ends() -> None:
    here, actor = world(), secadmin()
    old, new = person("chen", here.bureau, "OWN", "OWN_NET"), person("wu", here.bureau)
    Post.objects.filter(person=old, duty="OWN_NET").update(valid_from=today() + 20 * DAY, valid_until=today() + 90 * DAY)
    hand_over_posts(actor, person_id=old.id, organisation_id=here.bureau.id, successor_id=new.id, from_day=today() + 5 * DAY, reason="退休")
    assert sorted(new.posts.values_list("duty", "valid_from", "valid_until")) == [
        ("OWN", today() + 5 * DAY, None),
        ("OWN_NET", today() + 20 * DAY, today() + 90 * DAY),
    ]
    assert posts_of(old.id, today() + 30 * DAY) == ()
    assert len(posts_of(old.id, today())) == 1


def test_an_administrators_posts_are_not_handed_to_someone_in_business() -> None:
    here, actor = world(), secadmin()
    admin, clerk = person("sys", here.bureau, "SYSADMIN"), person("chen", here.bureau, "OWN")
    with pytest.raises(Conflict) as refusal:
        hand_over_posts(actor, person_id=admin.id, organisation_id=here.bureau.id, successor_id=clerk.id, from_day=today(), reason="调离")
    assert (refusal.value.code, refusal.value.field) == ("administrators_apart", "successor_id")
    assert (Post.objects.filter(person=admin, valid_until=None).count(), clerk.posts.count()) == (1, 1)


def test_a_lent_post_counts_for_its_time_without_work_secrets_and_says_whose_it_is() -> None:
    here, actor = world(), secadmin()
    owner, friend = person("chen", here.bureau, "OWN"), person("wu", here.bureau)
    Post.objects.filter(person=owner).update(sees_work_secrets=True)
    loan = delegate_post(
        actor, post_id=owner.posts.get().id, delegate_id=friend.id, valid_from=today(), valid_until=today() + 3 * DAY, reason="出差"
    )["delegation"]
    (lent,) = posts_of(friend.id, today())
    assert (lent.duty, lent.lent_by, lent.sees_work_secrets) == ("OWN", owner.id, False)
    assert posts_of(friend.id, today() + 3 * DAY) == ()
    end_delegation(actor, delegation_id=loan, reason="提前返岗")
    assert posts_of(friend.id, today()) == ()


def test_a_loan_ends_with_its_post_and_is_not_lent_twice_at_once() -> None:
    here, actor = world(), secadmin()
    owner, friend, third = person("chen", here.bureau, "OWN"), person("wu", here.bureau), person("li", here.bureau)
    given = {"post_id": owner.posts.get().id, "valid_from": today(), "valid_until": today() + 30 * DAY, "reason": "学习"}
    delegate_post(actor, delegate_id=friend.id, **given)
    with pytest.raises(Conflict, match="已经委托"):
        delegate_post(actor, delegate_id=third.id, **given)
    end_post(actor, post_id=given["post_id"], from_day=today() + DAY, reason="调离")
    assert [len(posts_of(friend.id, day)) for day in (today(), today() + DAY)] == [1, 0]
    assert Delegation.objects.count() == 1


def test_a_loan_does_not_make_one_person_sign_and_decide() -> None:
    people = cast()
    actor = secadmin()
    approver = Post.objects.get(person_id=people.approver.id)
    with pytest.raises(Conflict) as refusal:
        delegate_post(actor, post_id=approver.id, delegate_id=people.finance.id, valid_from=today(), valid_until=today() + DAY, reason="出差")
    assert (refusal.value.code, refusal.value.field) == ("signs_and_decides", "delegate_id")
    assert Delegation.objects.count() == 0


def test_a_loan_stays_within_the_term_of_its_post() -> None:
    here, actor = world(), secadmin()
    owner, friend = person("chen", here.bureau, "OWN"), person("wu", here.bureau)
    owner.posts.update(valid_until=today() + 5 * DAY)
    with pytest.raises(Refusal) as refusal:
        delegate_post(actor, post_id=owner.posts.get().id, delegate_id=friend.id, valid_from=today(), valid_until=today() + 6 * DAY, reason="出差")
    assert refusal.value.code == "beyond_post"
