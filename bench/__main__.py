"""``python -m bench NAME [options]``: run one bench, print its table, write JSON with --json."""

from __future__ import annotations

import importlib
import sys

BENCHES = {
    "bugs": "one-line regressions of real applications: caught or missed by tests written by chat",
    "flows": "flows of real applications, sent by chat: authored, green, proven, seconds",
    "heal": "elements recorded before a redesign, looked for after it: found, abstained, wrong",
    "miniwob": "one-line tasks on small pages: what the engine makes of an instruction, in rewards",
    "login": "seconds from POST to a proven, green login test on the sample shop",
    "reads": "how long reading takes while two browser turns run",
    "replay": "recorded tests with and without evidence, in pairs with their own exports",
    "review-shop": "seconds from POST to verdict for one-file changes of the sample shop",
    "reviews": "change reviews of real applications: seeded regressions and harmless changes",
    "shop": "planted faults of the sample shop: which tests written by chat notice each",
}


def main() -> int:
    """Run the bench named on the command line; the exit code is its."""
    if len(sys.argv) < 2 or sys.argv[1] not in BENCHES:
        for name, text in BENCHES.items():
            print(f"  {name:12} {text}")
        return 64
    module = importlib.import_module(f"bench.{sys.argv[1].replace('-', '_')}")
    return int(module.main(sys.argv[2:]))


if __name__ == "__main__":
    raise SystemExit(main())
