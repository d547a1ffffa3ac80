"""Builds what is deployed: one zip and one template, in .local/package. `python -m infra.package`."""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.resources import template as laid_over

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / ".local" / "package"
STAGE = "desk"
WRITTEN = (1980, 1, 1, 0, 0, 0)  # one date for every file, so that the same content is the same zip

# What Chalice's command line needs and its runtime does not. Chalice ships all that it depends on:
# https://github.com/aws/chalice/issues/1324
COMMAND_LINE_ONLY = (
    "_distutils_hack _yaml blessed click distutils-precedence.pth editor inquirer jinxed pip "
    "pkg_resources readchar runs setuptools wcwidth wheel xmod yaml"
).split()

# Descriptions of the services that the functions call; those of some 400 others stay away.
SERVICES = frozenset(
    "apigatewaymanagementapi cognito-idp dynamodb s3 scheduler sqs ssm sts".split()
)


@dataclass(frozen=True)
class Package:
    """What `package` made: the two files, and one name for their content."""

    template: Path
    archive: Path
    digest: str


def package(output: Path = OUTPUT) -> Package:
    """Make the zip and the template, or find them already made from the same sources.

    Raises `RuntimeError` with Chalice's own words when it cannot package.
    """
    output.mkdir(parents=True, exist_ok=True)
    made = Package(output / "template.json", output / "desk.zip", digest(sources()))
    stamp = output / "stamp"
    if (
        stamp.is_file()
        and stamp.read_text() == made.digest
        and made.template.is_file()
        and made.archive.is_file()
    ):
        return made
    stamp.unlink(missing_ok=True)
    raw = output / "chalice"
    run_chalice(raw, output / "laid-over.json")
    write_archive(raw / "deployment.zip", output, made.archive)
    document = finished(json.loads((raw / "sam.json").read_text()), made)
    made.template.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
    stamp.write_text(made.digest)
    return made


def sources() -> Iterator[Path]:
    """Every file that the package is made from."""
    yield from (ROOT / "app.py", ROOT / "requirements.txt")
    yield from sorted((ROOT / ".chalice").glob("*.json"))
    for folder in ("chalicelib", "infra"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def digest(files: Iterable[Path]) -> str:
    """One name for the content of these files and the Python that packages them."""
    seen = hashlib.sha256(sys.version.encode())
    for file in files:
        seen.update(f"{file.relative_to(ROOT)}\0".encode())
        seen.update(hashlib.sha256(file.read_bytes()).digest())
    return seen.hexdigest()


def run_chalice(raw: Path, merged: Path) -> None:
    """`chalice package` with our resources laid over its own."""
    merged.write_text(json.dumps(laid_over()))
    found = subprocess.run(
        [
            *(sys.executable, "-c", "from chalice.cli import main; main()"),
            *("--project-dir", str(ROOT), "package", "--stage", STAGE),
            *("--merge-template", str(merged), str(raw)),
        ],
        # Chalice asks for a region though nothing in the template depends on it.
        env={**os.environ, "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1")},
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode or not (raw / "sam.json").is_file():
        raise RuntimeError(f"chalice package failed:\n{found.stdout}{found.stderr}")


def finished(document: dict[str, Any], made: Package) -> dict[str, Any]:
    """Chalice's template with what neither its settings nor a merge can change."""
    found = document["Resources"]
    # A stage that deploys by itself needs no deployment, and MiniStack knows none.
    found.pop("WebsocketAPIDeployment")
    found["WebsocketAPIStage"]["Properties"].pop("DeploymentId")
    found["WebsocketAPIStage"]["DependsOn"] = sorted(
        name for name in found if found[name]["Type"] == "AWS::ApiGatewayV2::Route"
    )
    found["RestAPI"]["Properties"]["EndpointConfiguration"] = {"Type": "REGIONAL"}
    for one in found.values():
        if one["Type"] == "AWS::Serverless::Function":
            one["Properties"]["CodeUri"] = made.archive.name
        if one["Type"] == "AWS::IAM::Role":
            for statement in one["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
                if not statement.get("Sid", "-"):
                    statement.pop("Sid")
    # Says later which sources a stack was made from.
    document["Outputs"]["Package"] = {"Value": made.digest}
    return document


def write_archive(given: Path, output: Path, archive: Path) -> None:
    """Chalice's zip without what no function reads; the same content gives the same bytes.

    The libraries change seldom and are large, so they are compressed once per requirements.txt.
    """
    rules = digest((ROOT / "requirements.txt", Path(__file__)))
    libraries = output / f"libraries-{rules[:16]}.zip"
    with zipfile.ZipFile(given) as whole:
        names = sorted(whole.namelist())
        if not libraries.is_file():
            for stale in output.glob("libraries-*.zip"):
                stale.unlink()
            part = libraries.with_suffix(".part")
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as kept:
                for name in names:
                    if is_needed(name) and not is_ours(name):
                        write(kept, name, whole.read(name))
            part.rename(libraries)
        shutil.copyfile(libraries, archive)
        with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as kept:
            for name in names:
                if is_ours(name):
                    write(kept, name, whole.read(name))


def write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """One file, readable by all and dated like every other."""
    entry = zipfile.ZipInfo(name, WRITTEN)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def is_ours(name: str) -> bool:
    """Whether a file of the zip is the product's own code."""
    return name == "app.py" or name.startswith("chalicelib/")


def is_needed(name: str) -> bool:
    """Whether a function may ever read this file of the zip."""
    first, *rest = name.split("/")
    owner = first.split("-")[0].replace(".dist", "") if ".dist-info" in first else first
    if owner in COMMAND_LINE_ONLY or name.endswith(".pyc") or name.endswith("/"):
        return False
    if first == "botocore" and len(rest) > 2 and rest[0] == "data":
        return rest[1] in SERVICES
    return not (first == "phonenumbers" and rest[0] in ("geodata", "carrierdata", "tzdata"))


def main() -> None:
    """`make package`."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--output", type=Path, default=OUTPUT)
    made = package(options.parse_args().output)
    size = made.archive.stat().st_size / 1e6
    sys.stdout.write(f"{made.template}\n{made.archive} ({size:.1f} MB)\n")


if __name__ == "__main__":
    main()
