# What scripts/up and scripts/test share: everything from a bare checkout to a .venv that works.
# POSIX sh, sourced. Nothing outside the checkout is changed, but for what apt installs as root
# and the caches of pip, uv, npm and Playwright.

LOWEST=3.11
VENV=.venv
PY=$VENV/bin/python

# Without byte code every start would compile some 2,000 modules: 3 s become 9. It is written below
# this checkout only.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

good_python() { # prints the path of a Python that is new enough and can make an environment
  "$1" -c "import sys, venv, ensurepip
if sys.version_info < ($(echo $LOWEST | tr . ,)): sys.exit(1)
print(sys.executable)" 2>/dev/null
}

# What is found may be a launcher that looks for the Python each time: its own path is used after.
find_python() {
  for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$candidate" >/dev/null 2>&1 && good_python "$candidate"; then return 0; fi
  done
  return 1
}

need_python() { # sets PYTHON
  PYTHON=$(find_python) && return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    die "Python $LOWEST or newer with its venv module is needed; install it and try again" \
      "(macOS: brew install python)."
  fi
  if [ "$(id -u)" != 0 ]; then
    die "Python $LOWEST or newer with its venv module is needed;" \
      "install the package python3-venv (sudo apt-get install python3-venv) and try again."
  fi
  say "Installing python3-venv ..."
  apt_install python3 python3-venv || die "apt-get could not install python3-venv."
  PYTHON=$(find_python) || die "the newest python3 of this system is older than $LOWEST."
}

apt_install() {
  { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" ||
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y \
      --no-install-recommends "$@"; }; } >&2
}

need_venv() { # a .venv that was moved, or whose Python is gone, is made again
  if [ -x "$PY" ] && [ "$("$PY" -c 'import sys; print(sys.prefix)' 2>/dev/null)" = "$PWD/$VENV" ]
  then
    return 0
  fi
  need_python
  say "Making $VENV with $PYTHON ..."
  rm -rf "$VENV"
  "$PYTHON" -m venv --without-pip "$VENV" || die "could not make $PWD/$VENV."
}

# Python carries pip as a wheel, which also runs as it is: putting it into the environment would
# take longer than everything that uv then installs.
pip_wheel() {
  "$PY" - <<'END'
import ensurepip, sysconfig
from pathlib import Path

places = [sysconfig.get_config_var("WHEEL_PKG_DIR"), Path(ensurepip.__file__).parent / "_bundled"]
found = [wheel for place in places if place for wheel in Path(place).glob("pip-*.whl")]
print(found[0] if found else "")
END
}

run_pip() {
  if "$PY" -c 'import pip' 2>/dev/null; then
    "$PY" -m pip "$@"
  elif [ -n "${PYTHON:-}" ] && runner=$("$PYTHON" -c 'import pip; print(pip.__path__[0])' \
    2>/dev/null)/__pip-runner__.py && [ -f "$runner" ]; then
    # The byte code of this pip is there already: 1.5 s less. The runner is what its --python
    # calls, which would load it twice.
    "$PY" "$runner" "$@"
  elif wheel=$(pip_wheel) && [ -n "$wheel" ]; then
    PYTHONPATH=$wheel "$PY" -m pip "$@"
  else
    "$PY" -m ensurepip >/dev/null && "$PY" -m pip "$@"
  fi
}

# A user's pip settings may name the mirror and the certificates that this machine needs, or may
# point elsewhere altogether: they are tried first, and left out if that fails.
pip_install() {
  export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0
  run_pip install --quiet --disable-pip-version-check --no-input "$@" >&2 && return 0
  say "Trying again without this machine's pip settings ..."
  (
    unset PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_NO_INDEX PIP_TARGET PIP_PREFIX \
      PIP_CONSTRAINT PIP_NO_BINARY
    PIP_CONFIG_FILE=/dev/null run_pip install --quiet --disable-pip-version-check --no-input "$@"
  ) >&2
}

uv_install() {
  [ -x "$VENV/bin/uv" ] || return 1
  "$VENV/bin/uv" pip install --quiet --python "$PY" "$@" >&2 && return 0
  say "Trying again with this system's certificates ..."
  UV_SYSTEM_CERTS=1 "$VENV/bin/uv" pip install --quiet --python "$PY" "$@" >&2
}

locked_install() { # the locks named, each file checked against its hashes, nothing built
  set -- --require-hashes --only-binary :all: "$@"
  uv_install "$@" || pip_install "$@"
}

stamp_of() { # changes when something changes that an installation depends on
  cat "$@" scripts/lib.sh pyproject.toml "$VENV/pyvenv.cfg" | cksum
}

fresh() { # fresh NAME FILE...: whether NAME was done with these very files
  name=$1 && shift
  [ -f "$VENV/.assay-$name" ] && [ "$(cat "$VENV/.assay-$name")" = "$(stamp_of "$@")" ]
}

done_with() {
  name=$1 && shift
  stamp_of "$@" >"$VENV/.assay-$name"
}

need_packages() { # need_packages KIND LOCK...: what the package itself needs
  kind=$1 && shift
  fresh "$kind" "$@" && return 0
  say "Installing Python packages ($kind) ..."
  [ -x "$VENV/bin/uv" ] || pip_install --require-hashes -r requirements/bootstrap.txt ||
    say "uv could not be installed; pip does its work, only slower."
  files=
  for lock in "$@"; do files="$files -r $lock"; done
  # shellcheck disable=SC2086  # the names of locks hold no spaces
  locked_install $files || die "could not install the packages pinned in $*."
  done_with "$kind" "$@"
}

need_own() { # the package itself, after what it needs
  fresh own requirements/runtime.txt && return 0
  own="--no-deps --no-build-isolation --editable ."
  # shellcheck disable=SC2086
  uv_install $own || pip_install $own || die "could not install the package itself."
  done_with own requirements/runtime.txt
}

# uv leaves compiling to the first start, which has one processor of its own for it; another one
# compiles what the start comes to last, and what it loads when it is up.
begin_compiling() {
  fresh compiled pyproject.toml requirements/runtime.txt && return 0
  late="playwright.async_api, fastapi, uvicorn, jinja2, markdown_it, dbos"
  PYTHONPATH=src "$PY" -c "import $late, assay.chats.assistant.loop" >/dev/null 2>&1 &
  done_with compiled pyproject.toml requirements/runtime.txt
}

begin_compiling_own() { # needs no packages
  [ -n "$(find src examples -name '*.pyc' 2>/dev/null | head -n 1)" ] ||
    "$PY" -m compileall -q src examples >/dev/null 2>&1 &
}

has_node() { command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1; }

begin_assets() { # like need_assets, beside the Python packages where these are not needed for it
  has_node || return 0
  need_assets "$@" &
  ASSETS=$!
}

need_assets() { # need_assets [--dev]: with what the tests run exported tests with
  if [ -n "${ASSETS:-}" ]; then
    wait "$ASSETS" || exit 1
    return 0
  fi
  dev=${1:-}
  set -- package-lock.json .npmrc scripts/assets.py requirements/node.txt
  if fresh assets "$@" && "$PY" scripts/assets.py --check $dev 2>/dev/null; then return 0; fi
  say "Fetching front-end assets ..."
  if ! has_node; then
    say "No node and npm on PATH; taking them from a Python package ..."
    locked_install -r requirements/node.txt || die "could not install node."
  fi
  "$PY" scripts/assets.py $dev || die "could not fetch the front-end assets."
  done_with assets "$@"
}

# Whether a browser is there that at least tells its version: rendering a page takes 3 s more, and
# the server does it anyway before it uses one.
may_have_browser() {
  if [ -n "${ASSAY_BROWSER:-}" ]; then
    set -- "$ASSAY_BROWSER"
  else
    set -- chromium-headless-shell chromium google-chrome google-chrome-stable chromium-browser
  fi
  for browser in "$@"; do
    if command -v "$browser" >/dev/null 2>&1; then
      "$browser" --version >/dev/null 2>&1 && return 0
      return 1
    fi
  done
  return 1
}

need_browser() { # the installer prints the path of a browser that really rendered a page
  found="$VENV/.assay-browser"
  if [ -f "$found" ] && [ "$(head -n 1 "$found")" = "${ASSAY_BROWSER:-}" ] &&
    [ -x "$(sed -n 2p "$found")" ]; then
    return 0
  fi
  say "Looking for a browser ..."
  path=$("$PY" -m assay.browser) || die "no browser; see above."
  printf '%s\n%s\n' "${ASSAY_BROWSER:-}" "$path" >"$found"
}
