"""The same pipeline with empty handlers, deployed beside the product by the product's own code."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra.deploy import Say, deploy
from infra.functions import FUNCTIONS
from infra.intrinsics import ref, sub
from infra.package import (
    OUTPUT,
    ROOT,
    STAGE,
    Package,
    copy_files,
    finished,
    is_ours,
    packed_libraries,
)
from infra.storage import key_schema, queues
from local.stack import Stack

HERE = Path(__file__).resolve().parent
NAME = "atendente-floor"
WORK = ROOT / ".local" / "bench" / "floor"


def deployed(stack: Stack, say: Say) -> dict[str, str]:
    """The outputs of the floor's stack, on the same emulator as the product's."""
    gateway = f"{stack.emulator.removeprefix('http://')}/_aws/execute-api"
    return deploy(stack.place, NAME, {"Gateway": gateway}, package(), say)


def package() -> Package:
    """The floor's zip and template: the product's settings and libraries around another app.py.

    Raises RuntimeError with Chalice's own words when it cannot package.
    """
    shutil.rmtree(WORK, ignore_errors=True)
    project, output = WORK / "project", WORK / "output"
    (project / ".chalice").mkdir(parents=True)
    output.mkdir()
    shutil.copy(HERE / "app.py", project / "app.py")
    (project / "requirements.txt").touch()  # the libraries are taken from the product's own zip
    for file in (ROOT / ".chalice").glob("*.json"):
        shutil.copy(file, project / ".chalice" / file.name)
    settings = json.loads((project / ".chalice" / "config.json").read_text())
    (project / ".chalice" / "config.json").write_text(json.dumps(settings | {"app_name": "floor"}))
    laid_over = WORK / "laid-over.json"
    laid_over.write_text(json.dumps(template()))
    found = subprocess.run(
        [
            *(sys.executable, "-c", "from chalice.cli import main; main()"),
            *("--project-dir", str(project), "package", "--stage", STAGE),
            *("--merge-template", str(laid_over), str(output)),
        ],
        env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        raise RuntimeError(f"chalice package failed:\n{found.stdout}{found.stderr}")
    archive = WORK / "floor.zip"
    shutil.copyfile(packed_libraries(OUTPUT), archive)
    copy_files(output / "deployment.zip", archive, is_ours)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    made = Package(WORK / "template.json", archive, digest)
    document = finished(json.loads((output / "sam.json").read_text()), made)
    made.template.write_text(json.dumps(document))
    return made


def template() -> dict[str, Any]:
    """What is laid over Chalice's template: the product's queue and sources, and a bare table."""
    table = {"TABLE": ref("Desk")}
    live = {"LIVE_ENDPOINT": sub("http://${Gateway}/${WebsocketAPI}/api")}
    made = queues()
    return {
        "Parameters": {"Gateway": {"Type": "String"}},
        "Resources": {
            "InboundQueue": made["InboundQueue"],
            "InboundDeadLetters": made["InboundDeadLetters"],
            "StreamFailures": made["StreamFailures"],
            "Desk": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [
                        {"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")
                    ],
                    "KeySchema": key_schema("pk", "sk"),
                    "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
                },
            },
            "APIHandler": told({"QUEUE": ref("InboundQueue")}),
            "Receive": told(table, "Receive"),
            "Publish": told(table | live, "Publish"),
            "WebsocketConnect": told(table),
        },
    }


def told(variables: dict[str, Any], product: str | None = None) -> dict[str, Any]:
    """A function's environment, and the source of the product's function of that name."""
    properties: dict[str, Any] = {"Environment": {"Variables": variables}}
    if product is not None:
        function = FUNCTIONS[product]
        properties["Events"] = {function.source_name: function.source}
    return {"Properties": properties}
