"""What makes the city untidy, as real cities are: a bureau merged away, a post handed over with work waiting, a project suspended, money carried over,
an original lost. None of it is a planted problem.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from sixgate.records.models import Organisation, User
from sixgate.usecases.authority.organisations import merge_organisations, rename_organisation
from sixgate.usecases.authority.people import hand_over_posts
from sixgate.usecases.demo.city_acts import Clock, Step
from sixgate.usecases.demo.city_names import BODIES, GONE
from sixgate.usecases.demo.city_people import SUCCESSOR, hands_of
from sixgate.usecases.demo.city_sketch import Line, Planted, Sketch, Times
from sixgate.usecases.demo.papers import WAN
from sixgate.usecases.demo.people import DATA
from sixgate.usecases.planning.registration import register_project

HANDED_OVER: Final = 7
MERGED_AFTER: Final = 120
HANDED_AFTER: Final = 180


def untidy(sketches: Sequence[Sketch], planted: Sequence[Planted], times: Times) -> list[str]:
    """Lose originals of one project, suspend one sound project, carry money of another over the year; return their keys."""
    touched = {item.key for item in planted}
    sound = [item for item in sketches if item.key not in touched and item.shape == "building"]
    lost = [item for item in sketches if "G01" in item.gates][-1:]
    chosen = [*zip(lost, (_lost,), strict=False), *zip(sound, (_suspended, _carried), strict=False)]
    for sketch, change in chosen:
        change(sketch, times)
    return [sketch.key for sketch, _ in chosen]


def authority_steps(clock: Clock, bodies: Mapping[str, Organisation], times: Times) -> list[Step]:
    """Return the acts of the administrators: one body renamed, one merged into another, one post handed over."""
    renamed, merged, handed = times.live(100), times.live(MERGED_AFTER), times.live(HANDED_AFTER)
    return [
        (times.live(80), partial(_register_at_gone, clock, bodies)),
        (renamed, partial(_rename, clock, bodies, times)),
        (merged, partial(_merge, clock, bodies, times)),
        (handed, partial(_hand_over, clock, bodies, times)),
    ]


def _suspended(sketch: Sketch, times: Times) -> None:
    sketch.paused = times.before(50)


def _carried(sketch: Sketch, times: Times) -> None:
    last, year = sketch.lines[-1], times.day.year
    left = max(last.wan // 3, 1)
    number = f"示例财〔{year}〕结转3号"
    sketch.lines += [Line(last.source, last.year, -left, number), Line(last.source, last.year + 1, left, number)]


def _lost(sketch: Sketch, times: Times) -> None:
    sketch.lost = ("G01", "G02")


def _register_at_gone(clock: Clock, bodies: Mapping[str, Organisation]) -> None:
    register_project(
        clock.actor(hands_of(len(BODIES)).clerk),
        name="广州市政务外网骨干网扩容项目（示例）",
        owner_id=bodies[GONE].id,
        screening="no",
        level="city",
        type="upgrade",
        network="gov_extranet",
        amount_fen=460 * WAN,
        description="示例：骨干节点扩容，随机构合并转入。",
        responsible_person="信中心",
    )


def _rename(clock: Clock, bodies: Mapping[str, Organisation], times: Times) -> None:
    rename_organisation(
        clock.actor("admin"),
        organisation_id=bodies[GONE].id,
        name="市大数据中心（示例）",
        valid_from=times.live(100),
        document_no=f"示例编〔{times.day.year}〕4号",
    )


def _merge(clock: Clock, bodies: Mapping[str, Organisation], times: Times) -> None:
    merge_organisations(
        clock.actor("admin"),
        successor_id=bodies[DATA].id,
        predecessor_ids=[bodies[GONE].id],
        on=times.live(MERGED_AFTER),
        document_no=f"示例编〔{times.day.year}〕11号",
    )


def _hand_over(clock: Clock, bodies: Mapping[str, Organisation], times: Times) -> None:
    people = dict(User.objects.filter(username__in=(hands_of(HANDED_OVER).clerk, SUCCESSOR[0])).values_list("username", "id"))
    hand_over_posts(
        clock.actor("secadmin"),
        person_id=UUID(str(people[hands_of(HANDED_OVER).clerk])),
        organisation_id=bodies[BODIES[HANDED_OVER].name].id,
        successor_id=UUID(str(people[SUCCESSOR[0]])),
        from_day=times.live(HANDED_AFTER) + timedelta(days=1),
        reason="示例：轮岗。",
    )
