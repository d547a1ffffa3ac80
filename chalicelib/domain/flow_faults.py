"""What is wrong with a flow's document, and where; what a flow makes use of (FLOW-9, FLOW-12)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from chalicelib.domain import errors, flow_answers, menu, outgoing, variables
from chalicelib.domain import flow_nodes as nodes
from chalicelib.domain.events import ChannelName
from chalicelib.domain.flow_format import DOCUMENT, LARGEST_FILE, NODE, write
from chalicelib.domain.flow_shapes import fault
from chalicelib.domain.media import RULES, length, rule_for
from chalicelib.domain.template import HEADER_FILE

if TYPE_CHECKING:
    from chalicelib.domain.events import Field, FlowFault
    from chalicelib.domain.flow_shapes import NameKind, Variables
    from chalicelib.domain.template import Template

# Why a document is refused. The page has a sentence for each.
REASONS = (
    "wrong_kind",  # a text where a number belongs, and the like
    "missing",
    "empty",
    "unknown",  # there is no such key, word, node, tag, field…
    "inactive",  # a field that is no longer used
    "malformed",
    "too_long",  # name: the limit
    "too_few",
    "too_many",
    "too_small",
    "too_large",
    "repeated",  # two options that a typed answer could not tell apart
    "variable_unknown",  # name: the variable
    "picture_here",  # a variable that is a picture, where none can stand
    "unsendable",  # a template that Meta lets nobody send now
    "not_of_this_kind",  # a file, or options, that do not go with the rest
    "does_not_fit",  # what the field could not keep
    "loop",  # a way round on which nothing waits (FLOW-12)
    "unreachable",  # only a warning
    "not_on_channel",  # only a warning; name: the channel that does not take the file
)
ANY_DAY = date.max.replace(year=2999)  # no date typed into a flow lies after it
CHANNELS: tuple[ChannelName, ...] = get_args(ChannelName)
SYSTEM_KINDS = {"birth_date": "date", "cpf": "cpf", "email": "email"}
# What an answer of a kind may be kept in, beside fields of text; «text» tries its luck everywhere.
KEPT_IN: dict[nodes.AnswerKind, frozenset[str]] = {
    "number": frozenset({"number"}),
    "date": frozenset({"date"}),
    "email": frozenset({"email"}),
    "cpf": frozenset({"cpf"}),
    "phone": frozenset({"phone"}),
    "yes_no": frozenset({"yes_no", "choice", "choices"}),
    "choice": frozenset({"choice", "choices", "yes_no", "number", "date", "email", "url", "phone"}),
}
TEXTS = frozenset({"text", "long_text", "rg", "customer_code"})

UseKind = Literal["tag", "field", "agent", "department", "flow", "template", "file"]


@dataclass(frozen=True)
class Directory:
    """What the agency has, that a flow may name. `templates` by «name/language»."""

    tags: Collection[str] = ()
    fields: Sequence[Field] = ()
    agents: Collection[str] = ()
    departments: Collection[str] = ()
    flows: Collection[str] = ()
    templates: Mapping[str, Template] = field(default_factory=dict)
    channels: Collection[ChannelName] = CHANNELS  # that it has accounts of


def faults(document: object, directory: Directory | None = None) -> list[FlowFault]:
    """Everything that is wrong, in the document's order; none: it may be read, and published.

    Without a directory, only what is wrong with the document by itself: what an import asks.
    """
    if _too_large(document):
        return [fault("", "too_large", LARGEST_FILE)]
    eye = _Eye(document, directory)
    found = list(DOCUMENT.faults(document, "", eye))
    channels = CHANNELS if directory is None else tuple(directory.channels) or CHANNELS
    sound = _sound(document)
    for node_id, node in sound.items():
        path = f"nodes.{node_id}"
        found += _of_node(node, path, channels)
        if directory is not None:
            found += _against(node, path, directory)
    return [*found, *(fault(f"nodes.{one}", "loop") for one in _rounds(sound))]


def warnings(document: object, directory: Directory | None = None) -> list[FlowFault]:
    """What is allowed, and likely not meant: nodes that no way leads to, files for few channels."""
    if _too_large(document) or not isinstance(document, dict):
        return []
    sound = _sound(document)
    reached = _reached(sound, document.get("start"))
    found = [fault(f"nodes.{one}", "unreachable") for one in sound if one not in reached]
    channels = CHANNELS if directory is None else tuple(directory.channels) or CHANNELS
    for node_id, node in sound.items():
        if isinstance(node, nodes.Media):
            taken = [_takes(node, channel) for channel in channels]
            if any(taken):
                found += [
                    fault(f"nodes.{node_id}.file", "not_on_channel", channel)
                    for channel, takes in zip(channels, taken, strict=True)
                    if not takes
                ]
    return found


def references(flow: nodes.Flow) -> Mapping[UseKind, frozenset[str]]:
    """What the flow makes use of, so that whoever deletes one of these can be asked.

    Fields by slug or system name, in texts too; templates by «name/language»; files by key.
    """
    document = write(flow)
    eye = _Eye(document, None)
    for _ in DOCUMENT.faults(document, "", eye):
        pass
    used: dict[UseKind, set[str]] = {kind: set() for kind in get_args(UseKind)}
    for kind, name in eye.seen:
        if kind == "variable" or kind == "field":
            if name not in variables.NAMES or name in variables.SYSTEM:
                used["field"].add(name)
        elif kind != "node":
            used[kind].add(name)
    for node in flow.nodes.values():
        if isinstance(node, nodes.Template | nodes.SendTemplate):
            used["template"].add(f"{node.name}/{node.language}")
            used["file"] |= {node.values[one] for one in (HEADER_FILE,) if one in node.values}
        if isinstance(node, nodes.Media):
            used["file"].add(node.file.key)
    return {kind: frozenset(names) for kind, names in used.items()}


class _Eye:
    """Sees each name that a document has, and remembers them."""

    def __init__(self, document: object, directory: Directory | None) -> None:
        known = document.get("nodes") if isinstance(document, dict) else None
        self.node_ids = frozenset(known) if isinstance(known, dict) else frozenset()
        self.directory = directory
        self.seen: set[tuple[NameKind, str]] = set()
        every = () if directory is None else directory.fields
        self.fields = {one["slug"]: one for one in every}
        self.channels = CHANNELS if directory is None else tuple(directory.channels) or CHANNELS

    def name(self, kind: NameKind, name: str) -> str | None:
        self.seen.add((kind, name))
        if kind == "node":
            return None if name in self.node_ids else "unknown"
        if self.directory is None or (kind == "variable" and name in variables.NAMES):
            return None
        if kind == "field" or kind == "variable":
            if flow_answers.target(name, self.directory.fields) is not None:
                return None
            return "inactive" if name in self.fields else "unknown"
        known: dict[NameKind, Collection[str]] = {
            "tag": self.directory.tags,
            "agent": self.directory.agents,
            "department": self.directory.departments,
            "flow": self.directory.flows,
        }
        return None if name in known[kind] else "unknown"

    def text(self, text: str, holds: Variables, path: str) -> Iterator[FlowFault]:
        for name in variables.names(text):
            self.seen.add(("variable", name))
            yield from self._variable(name, holds, path)
        if holds != "filled":
            for channel in self.channels:
                limit = RULES[channel]["text_limit"]
                if length(channel, text) > limit:
                    yield fault(path, "too_long", limit)
                    return

    def _variable(self, name: str, holds: Variables, path: str) -> Iterator[FlowFault]:
        if self.directory is None or name in variables.NAMES:
            return
        known = self.fields.get(name)
        if known is None or not known["active"]:
            yield fault(path, "variable_unknown", name)
        elif known["kind"] == "image" and holds != "pictures":
            yield fault(path, "picture_here", name)


class _Shut:
    """Sees nothing wrong with any name."""

    def name(self, kind: NameKind, name: str) -> str | None:
        return None

    def text(self, text: str, holds: Variables, path: str) -> Iterator[FlowFault]:
        return iter(())


def _too_large(document: object) -> bool:
    try:
        return len(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")) > (
            LARGEST_FILE
        )
    except RecursionError:
        return True


def _sound(document: object) -> dict[str, nodes.Node]:
    """The nodes that can be read, whatever else is wrong."""
    known = document.get("nodes") if isinstance(document, dict) else None
    if not isinstance(known, dict):
        return {}
    return {
        node_id: NODE.read(one)
        for node_id, one in known.items()
        if not any(wrong["reason"] in UNREADABLE for wrong in NODE.faults(one, "", _Shut()))
    }


UNREADABLE = frozenset({"wrong_kind", "missing", "unknown", "malformed"})


# --- one node ---------------------------------------------------------------------------------


def _of_node(node: nodes.Node, path: str, channels: tuple[ChannelName, ...]) -> Iterator[FlowFault]:
    """What its shape does not say."""
    match node:
        case nodes.Menu():
            yield from _repeated([one.id for one in node.options], path, "id")
            titles = [one.title for one in node.options]
            yield from _repeated(map(flow_answers.said_as, titles), path, "title")
            yield from _fit(titles, path, channels)
        case nodes.Template():
            titles = [one.title for one in node.options]
            yield from _repeated(map(flow_answers.said_as, titles), path, "title")
        case nodes.Question():
            yield from _of_question(node, path, channels)
        case nodes.Media():
            if not any(_takes(node, channel) for channel in channels):
                yield fault(f"{path}.file", "not_of_this_kind", node.kind)
        case nodes.Contact():
            card = {"name": node.card.name, "phone": node.card.phone, "email": node.card.email}
            try:
                outgoing.card(card, ANY_DAY)
            except errors.Invalid as refused:
                for one in refused.fields["fields"]:
                    missing = one["reason"] == "required"
                    yield fault(f"{path}.{one['path']}", "missing" if missing else "malformed")
        case nodes.OpenChat():
            if node.agent == "specific" and node.agent_id is None:
                yield fault(f"{path}.agent_id", "missing")
        case nodes.Condition():
            yield from _of_tests(node.tests, path)
        case _:
            pass
    if isinstance(node, nodes.Template | nodes.SendTemplate):
        file = node.values.get(HEADER_FILE)
        if file is not None and not nodes.is_file_of_flow(file):
            yield fault(f"{path}.values.{HEADER_FILE}", "malformed")


def _of_question(
    node: nodes.Question, path: str, channels: tuple[ChannelName, ...]
) -> Iterator[FlowFault]:
    options = node.answer.options
    if node.answer.kind != "choice":
        if options:
            yield fault(f"{path}.answer.options", "not_of_this_kind")
    elif not options:
        yield fault(f"{path}.answer.options", "missing")
    else:
        seen = [flow_answers.said_as(one) for one in options]
        for place, one in enumerate(seen):
            if one in seen[:place]:
                yield fault(f"{path}.answer.options[{place}]", "repeated")
        yield from _fit(options, f"{path}.answer", channels)


def _of_tests(tests: Iterable[nodes.Test], path: str) -> Iterator[FlowFault]:
    for place, one in enumerate(tests):
        at = f"{path}.tests[{place}]"
        if isinstance(one, nodes.Group):
            yield from _of_tests(one.tests, at)
        elif (
            isinstance(one, nodes.FieldTest | nodes.AnswerTest)
            and one.relation not in ("filled", "empty")
            and not one.value.strip()
        ):
            yield fault(f"{at}.value", "missing")


def _repeated(names: Iterable[str], path: str, key: str) -> Iterator[FlowFault]:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            yield fault(f"{path}.options[{place}].{key}", "repeated")
        seen.add(name)


def _fit(
    titles: Sequence[str], path: str, channels: tuple[ChannelName, ...]
) -> Iterator[FlowFault]:
    """Where they are numbered there is room for all of them, and for some words above them."""
    listed = menu.numbered(
        {
            "button": None,
            "options": [{"payload": "", "title": one, "description": None} for one in titles],
        },
        "",
    )
    for channel in channels:
        limit = RULES[channel]["text_limit"] * 9 // 10
        if length(channel, listed) > limit:
            yield fault(f"{path}.options", "too_long", limit)
            return


def _takes(node: nodes.Media, channel: ChannelName) -> bool:
    rule = rule_for(channel, node.file.mime_type)
    if rule is None or node.file.size > rule["limit"]:
        return False
    return node.kind in ("document", rule["kind"])


# --- against what the agency has --------------------------------------------------------------


def _against(node: nodes.Node, path: str, directory: Directory) -> Iterator[FlowFault]:
    if isinstance(node, nodes.Template | nodes.SendTemplate):
        yield from _of_template(node, path, directory)
    elif isinstance(node, nodes.Question) and node.save is not None:
        kept = flow_answers.target(node.save.field, directory.fields)
        if kept is not None:
            yield from _of_save(node.answer, kept, path)
    elif isinstance(node, nodes.SetField):
        kept = flow_answers.target(node.field, directory.fields)
        told = node.value.strip() and not variables.names(node.value)
        if kept is not None and told and flow_answers.kept(kept, node.value, ANY_DAY) is None:
            yield fault(f"{path}.value", "does_not_fit")


def _of_template(
    node: nodes.Template | nodes.SendTemplate, path: str, directory: Directory
) -> Iterator[FlowFault]:
    template = directory.templates.get(f"{node.name}/{node.language}")
    if template is None:
        yield fault(f"{path}.name", "unknown", node.name)
        return
    if not template.sendable:
        yield fault(f"{path}.name", "unsendable", node.name)
    for one in template.variables:
        if not node.values.get(one, "").strip():
            yield fault(f"{path}.values.{one}", "missing")
    for one in node.values:
        if one not in template.variables:
            yield fault(f"{path}.values.{one}", "unknown")
    if isinstance(node, nodes.Template):
        buttons = {flow_answers.said_as(one.text) for one in template.buttons}
        for place, reply in enumerate(node.options):
            if flow_answers.said_as(reply.title) not in buttons:
                yield fault(f"{path}.options[{place}].title", "unknown", reply.title)


def _of_save(answer: nodes.Answer, kept: Field | str, path: str) -> Iterator[FlowFault]:
    """Whether the field can keep what the question takes."""
    kind = SYSTEM_KINDS.get(kept, kept) if isinstance(kept, str) else kept["kind"]
    at = f"{path}.save.field"
    if kind == "image" or not (
        answer.kind == "text" or kind in TEXTS or kind in KEPT_IN[answer.kind]
    ):
        yield fault(at, "does_not_fit")
        return
    for place, option in enumerate(flow_answers.options(answer)):
        if flow_answers.kept(kept, option, ANY_DAY) is None:
            choice = answer.kind == "choice"
            yield fault(f"{path}.answer.options[{place}]" if choice else at, "does_not_fit")


# --- the whole --------------------------------------------------------------------------------


def _rounds(known: Mapping[str, nodes.Node]) -> list[str]:
    """The nodes on ways round on which nothing waits."""
    ways = {
        node_id: {one for one in nodes.exits(node) if one is not None}
        for node_id, node in known.items()
        if not isinstance(node, nodes.Menu | nodes.Template | nodes.Question | nodes.Wait)
    }
    while True:
        led_to = {one for ends in ways.values() for one in ends}
        left = {
            node_id: ends & ways.keys()
            for node_id, ends in ways.items()
            if ends & ways.keys() and node_id in led_to
        }
        if left.keys() == ways.keys():
            return list(left)
        ways = left


def _reached(known: Mapping[str, nodes.Node], start: Any) -> set[str]:
    reached: set[str] = set()
    to_do = [start]
    while to_do:
        node_id = to_do.pop()
        if node_id is None or node_id in reached or node_id not in known:
            continue
        reached.add(node_id)
        to_do += nodes.exits(known[node_id])
    return reached
