"""What all pages share: the actor of a request, a verb's form, and how a refusal is shown."""

from collections.abc import Callable, Collection, Mapping, Sequence
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sixgate.domain.authority import Target
from sixgate.interfaces.watch.requests import number_of
from sixgate.interfaces.web.form import Choices, Field, Part, VerbForm, starting_values
from sixgate.kernel.refusal import Forbidden, Invisible, Refusal, RefusalKind
from sixgate.kernel.text import gettext_noop
from sixgate.usecases._frame import Actor, Answer, Verb
from sixgate.usecases._input import InputRefused, arguments_of, label_of
from sixgate.usecases._offers import may
from sixgate.usecases._registry import actor_of, verbs

STATUS = {RefusalKind.INVALID: 422, RefusalKind.CONFLICT: 409, RefusalKind.FORBIDDEN: 403, RefusalKind.INVISIBLE: 404}
NOT_YOURS = gettext_noop("您的岗位不能做这件事：{title}。")
ASK = gettext_noop("请由有此职责的人办理，或请安全管理员核对您的岗位。")
Then = str | Callable[[Answer], str | HttpResponse]


def actor_from(request: HttpRequest) -> Actor:
    """Return the signed-in person as an actor."""
    user = request.user
    assert not isinstance(user, AnonymousUser), "the page is behind sign-in"
    return actor_of(user.pk, user.get_full_name(), "web", number_of(request))


def verb_form(
    request: HttpRequest,
    address: str,
    choices: Mapping[str, Choices] | None = None,
    initial: Mapping[str, object] | None = None,
    then: Then = "/",
    template: str = "form.html",
    context: Mapping[str, object] | None = None,
    *,
    fixed: Mapping[str, object] | None = None,
    parts: Mapping[str, Sequence[Part]] | None = None,
    leave: Collection[str] = (),
    needed: Collection[str] = (),
    done: str | Callable[[Answer], str] = "",
    adapt: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    target: Target | None = None,
    actor: Actor | None = None,
) -> HttpResponse:
    """Show the form of a verb, or take it, run the verb and go on to `then` (an address, or made from the answer; a page instead of one is shown).

    `fixed` are arguments the page knows (from its URL) and does not ask for; `leave` are parameters left at their default, `needed` those that may
    be left empty at other times but not here; `parts` name the places of mappings and lists of rows; `adapt` changes the read values before they
    are checked; `done` says in one sentence what happened.
    `target` is what the act touches: a reader who may not is told before filling anything in. `actor` stands for someone not signed in.
    """
    verb = verbs()[address]
    acting = actor or actor_from(request)
    if target is not None and not may(acting, address, target):
        return refused(request, Forbidden("not_permitted", NOT_YOURS, remedy=ASK, title=_(verb.title)))
    form = VerbForm(verb, choices or {}, parts or {}, {*(fixed or {}), *leave}, needed)
    given = request.POST.copy() if request.method == "POST" else starting_values(initial or {})
    problem: Refusal | None = None
    if request.method == "POST":
        try:
            values, wrong = form.read(given, request.FILES)
            arguments = _arguments(verb, {**(adapt(values) if adapt else values), **(fixed or {})}, wrong)
            answer = verb.run(acting, **arguments, idempotency_key=given.get("idempotency_key"))
            return _go_on(request, verb, answer, then, done)
        except Invisible as refusal:
            return refused(request, refusal)
        except Refusal as refusal:
            problem = refusal
    fields = form.fields(given, wrong_fields(problem) if problem else {})
    shown = {**_form_context(verb, fields, problem, given.get("idempotency_key")), **(context or {})}
    return render(request, template, shown, status=STATUS[problem.kind] if problem else 200)


def _form_context(verb: Verb, fields: Sequence[Field], problem: Refusal | None, key: str | None) -> dict[str, Any]:
    return {
        "verb": verb,
        "fields": fields,
        "problem": problem,
        "text": said(problem) if problem else "",
        "wrongs": list(_wrongs(fields)),
        "idempotency_key": key or token_urlsafe(16),
        "multipart": any(item.kind == "file" for item in fields),
    }


def wrong_fields(refusal: Refusal) -> Mapping[str, str]:
    """Return the reasons beside fields."""
    if isinstance(refusal, InputRefused):
        return refusal.fields
    return {refusal.field: said(refusal)} if refusal.field else {}


def said(refusal: Refusal) -> str:
    """Return what a refusal says, in the reader's language."""
    return _(refusal.template).format(**refusal.params)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal that belongs to no field."""
    return render(request, "refused.html", {"refusal": refusal, "text": said(refusal)}, status=STATUS[refusal.kind])


def _arguments(verb: Verb, values: Mapping[str, object], wrong: Mapping[str, str]) -> dict[str, Any]:
    """Return typed arguments; raise InputRefused naming both what could not be read and what does not fit."""
    try:
        arguments = arguments_of(verb, values)
    except InputRefused as refusal:
        raise InputRefused({**refusal.fields, **wrong}) from None
    if wrong:
        raise InputRefused(wrong)
    return arguments


def _go_on(request: HttpRequest, verb: Verb, answer: Answer, then: Then, done: str | Callable[[Answer], str]) -> HttpResponse:
    target = then(answer) if callable(then) else then
    if not isinstance(target, str):
        return target
    text = done(answer) if callable(done) else done
    messages.success(request, text or _(gettext_noop("{title}：已办好，记入存证。")).format(title=_(verb.title)))
    return redirect(target)


def _wrongs(fields: Sequence[Field]) -> list[tuple[str, str, str]]:
    """Return name, label and reason of every wrong place, in the order of the page."""
    found: list[tuple[str, str, str]] = []
    for item in fields:
        if item.wrong:
            found.append((item.name, item.label, item.wrong))
        for part in (item.parts, *item.rows):
            found += _wrongs(part)
    return found


__all__ = ["STATUS", "Field", "Part", "actor_from", "label_of", "refused", "said", "verb_form", "wrong_fields"]
