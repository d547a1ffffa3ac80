"""Another system calls a webhook: its values are kept, and a flow fires (FLOW-10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.commands.add_contact import Registering
from chalicelib.commands.attempts import until_settled
from chalicelib.commands.step_flow import Stepped, Stepping
from chalicelib.domain import chat as chats
from chalicelib.domain import errors
from chalicelib.domain import hook as rules
from chalicelib.domain.hook import SHOWN, Call, Hook, Told
from chalicelib.domain.phone import dialled
from chalicelib.domain.profile import edited, says_the_same
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores import hooks, labels, profiles
from chalicelib.stores.chats import Change, commit_rows

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import HookReason
    from chalicelib.domain.profile import Profile
    from chalicelib.world import World


def take(world: World, webhook_id: str, body: bytes) -> None:
    """What came to that address: the contact has its values, and the flow fires, once.

    In test nothing happens, but that it is shown. Every call of a known address is kept for some
    days with what became of it. An event that was acted on changes nothing again: by what the
    webhook says names one, else by the same bytes within ten minutes. Whose number is new becomes a
    contact. An open attendance is closed first, as by FLOW-2, and a flow that waits is replaced
    (FLOW-3). Raises NotFound (no such address), Invalid (no JSON, or no number in it), or Contended
    and the store's own errors, after which calling again is safe.
    """
    hook = hooks.one(webhook_id)
    if hook is None:
        raise errors.NotFound()
    _Taking(world, hook, body).take()


class _Refused(Exception):
    """The caller's fault: nothing can be done with what it told."""

    def __init__(self, reason: HookReason) -> None:
        super().__init__(reason)
        self.reason: HookReason = reason


@dataclass(frozen=True)
class _Outcome:
    """What became of a call."""

    call: Call
    stepped: Stepped | None = None


class _Taking:
    """One call on its way."""

    def __init__(self, world: World, hook: Hook, body: bytes) -> None:
        self.world = world
        self.hook = hook
        self.body = body
        self.stepping = Stepping(world)
        self.now = world.now()
        self.call = Call(
            call_id=hooks.call_id(self.now, world.new_id()),
            at=self.now,
            test=not hook.production,
            outcome="refused",
            body=body[: SHOWN * 4].decode("utf-8", "replace")[:SHOWN],
        )

    def take(self) -> None:
        try:
            told = self._told()
            phone = self._phone(told)
        except _Refused as no:
            self._keep(replace(self.call, reason=no.reason))
            if self.hook.production or no.reason == "json_invalid":
                path = "body" if no.reason == "json_invalid" else rules.PHONE
                raise errors.Invalid(fields=[{"path": path, "reason": no.reason}]) from None
            return
        if not self.hook.production:
            self._keep(replace(self.call, outcome="test"))
            return
        event, remembered = rules.event_of(told, self.body)
        try:
            chat, _ = Registering(self.world, self.hook.account).register(told.name or phone, phone)
        except (errors.ChannelUnavailable, errors.NotFound):
            self._keep(replace(self.call, reason="channel_unavailable"))
            return

        def decide() -> None:
            if hooks.happened(self.hook.webhook_id, event, self.now):
                self._keep(replace(self.call, outcome="repeated"))
                return
            before = store.resolve(chat.chat_id)
            if before is None:
                raise errors.Contended()  # erased this moment: called again, it is somebody new
            if before.blocked:
                self._keep(replace(self.call, reason="contact_blocked"))
                return
            happens = hooks.happens(self.hook.webhook_id, event, self.now, remembered)
            done = self._done(before, told)
            self._commit(before, done, hooks.called(self.hook.webhook_id, done.call), happens)

        until_settled(self.world, decide)

    def _told(self) -> Told:
        try:
            return rules.told(self.hook, rules.parsed(self.body))
        except rules.NotJson:
            raise _Refused("json_invalid") from None

    def _phone(self, told: Told) -> str:
        if told.phone is None:
            raise _Refused("phone_missing")
        try:
            return dialled(told.phone, foreign=self.hook.foreign)
        except errors.Invalid:
            raise _Refused("phone_invalid") from None

    def _keep(self, call: Call) -> None:
        commit_rows(hooks.called(self.hook.webhook_id, call))

    def _done(self, before: Chat, told: Told) -> _Outcome:
        """What it makes of the chat: values, and the flow if there is one that can begin."""
        today = self.now.astimezone(self.world.zone()).date()
        custom = labels.fields() if told.values else ()
        system, values, skipped = rules.kept_values(told.values, custom, today)
        known = profiles.load(*before.partitions)
        after = edited(known, system=system, values=values)
        call = replace(self.call, outcome="saved", skipped=skipped)
        if self.hook.flow_id is None:
            return _Outcome(call, self._saved(before, known, after))
        if self.world.preferences()["chatbot_since"] is None:
            call = replace(call, reason="chatbot_off")
            return _Outcome(call, self._saved(before, known, after))
        reason: HookReason = "flow_gone"
        try:
            stepped = self.stepping.begin(
                before, self.hook.flow_id, self.world.now(), profile=(known, after)
            )
        except errors.FileRefused:
            stepped, reason = None, "file_gone"
        if stepped is None:
            call = replace(call, reason=reason)
            return _Outcome(call, self._saved(before, known, after))
        return _Outcome(replace(call, outcome="fired"), stepped)

    def _saved(self, before: Chat, known: Profile, after: Profile) -> Stepped | None:
        if says_the_same(known, after):
            return None
        return Stepped(chats.described_anew(before), beside=tuple(profiles.writes(known, after)))

    def _commit(self, before: Chat, done: _Outcome, *beside: store.Write) -> None:
        stepped = done.stepped
        if stepped is None:
            commit_rows(*beside)
            return
        after = revised(before, stepped.chat, [one.key for one in stepped.new])
        store.commit_or_again(
            Change(
                before=before,
                after=after,
                new=tuple(one.at_revision(after.rev) for one in stepped.new),
                attendances=stepped.attendances,
                beside=(*stepped.beside, *beside),
            )
        )
