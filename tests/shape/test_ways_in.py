"""What the linters cannot say of the code's shape: the ways in, the modules, and start-up."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import app as ways_in
from chalicelib.api.blueprint import DOORS, Anyone
from chalicelib.domain.access import Permission
from infra.functions import FUNCTIONS, VALUES

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "chalicelib").rglob("*.py"))
APP = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
NOT_HTTP = {
    "on_ws_connect",
    "on_ws_message",
    "on_ws_disconnect",
    "on_sqs_message",
    "on_dynamodb_record",
    "on_kinesis_record",
    "on_s3_event",
    "on_sns_message",
    "on_cw_event",
    "lambda_function",
    "schedule",
    "authorizer",
}
DEPLOYED = {
    "websocket_connect",
    "websocket_message",
    "websocket_disconnect",
    "receive",
    "receive_statuses",
    "deliver",
    "dispatch",
    "publish",
    "redo",
    "run_due",
    "fetch",
    "notify",
    "push",
}


def name_of(module):
    return str(module.relative_to(ROOT))


def triggers():
    return [node for node in APP.body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("trigger", triggers(), ids=lambda one: one.name)
def test_every_trigger_is_one_line_that_calls_its_body(trigger):
    """A body in app.py could not be tried without Chalice."""
    (line,) = trigger.body
    assert ast.unparse(line).startswith("return triggers.")
    assert ast.unparse(line).endswith("(event)")
    (decorator,) = trigger.decorator_list
    assert decorator.func.attr in NOT_HTTP


def test_the_deployed_functions_are_these():
    """OPS-1: the template gives each its role and its environment by this name."""
    assert {one.name for one in triggers()} == DEPLOYED
    assert {handler.name for handler in ways_in.app.pure_lambda_functions} == set()


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_other_modules_have_no_trigger(module):
    """A queue's or a socket's handler in a Blueprint deploys under a name that never loads."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    decorators = {
        decorator.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)
    }
    assert not decorators & NOT_HTTP
    assert "register_lambda_function" not in used


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_module_says_its_reason(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    reason = ast.get_docstring(tree)
    assert reason, "no module is empty, and Chalice's packager needs a line"
    assert module.read_text(encoding="utf-8").startswith('"""')


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_public_function_and_class_says_what_it_promises(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    public = [
        node
        for parent in [tree, *(one for one in tree.body if isinstance(one, ast.ClassDef))]
        for node in parent.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not getattr(parent, "name", "").startswith("_")
        and getattr(node, "name", "") != "Meta"
    ]
    classes = {one.name: one for one in tree.body if isinstance(one, ast.ClassDef)}
    said_by_base = {
        id(method)
        for one in classes.values()
        for base in one.bases
        if isinstance(base, ast.Name) and base.id in classes
        for method in one.body
        if isinstance(method, ast.FunctionDef) and says(classes[base.id], method.name)
    }
    silent = [node for node in public if not ast.get_docstring(node)]
    assert [node.name for node in silent if id(node) not in said_by_base] == []


def says(base, name):
    """Whether a class says what its method of that name promises; an override promises the same."""
    methods = (one for one in base.body if isinstance(one, ast.FunctionDef) and one.name == name)
    return any(ast.get_docstring(one) for one in methods)


def test_every_door_names_its_permission():
    """PERM-2"""
    for door in DOORS:
        if door.path.startswith(("/webhooks/", "/hooks/", "/push/")):
            assert door.may is None
        else:
            assert isinstance(door.may, Permission | Anyone), door.path


def test_every_route_is_a_door():
    """PERM-2: nothing is registered past the blueprint that asks for a permission."""
    routes = {(method, path) for path, by in ways_in.app.routes.items() for method in by}
    assert routes == {(door.method, door.path) for door in DOORS}


def test_every_door_for_agents_has_the_login_before_it():
    """PERM-3"""
    for door in DOORS:
        entry = ways_in.app.routes[door.path][door.method]
        assert (entry.authorizer is None) == (door.may is None), door.path


START = """
import os, socket, sys
os.environ.clear()
def refuse(*_, **__):
    raise AssertionError("a socket at import")
socket.socket.connect = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse
import app
heavy = {"httpx", "pydantic", "phonenumbers", "PIL", "cryptography"}
print(sorted(heavy & sys.modules.keys()))
"""


def test_the_app_is_imported_without_environment_network_or_heavy_libraries():
    """OPS-1: the package is built by importing app; a cold start loads no more than it needs."""
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_nothing_happens_at_import(module):
    """Neither the environment nor a client is touched outside of a function."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    at_import = [
        ast.unparse(call.func)
        for statement in tree.body
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
        for call in ast.walk(statement)
        if isinstance(call, ast.Call)
    ]
    forbidden = ("boto3.", "os.environ", "os.getenv", "from_environment", "world", "httpx.")
    assert [call for call in at_import if call.startswith(forbidden)] == []


def test_what_the_functions_read_is_what_the_template_tells():
    """OPS-1"""
    tree = ast.parse((ROOT / "chalicelib" / "settings.py").read_text(encoding="utf-8"))
    read = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "named"
    }
    told = {name for function in FUNCTIONS.values() for name in function.told}
    assert {name for name in read if not name.startswith("AWS_")} <= told
    assert told <= set(VALUES)
