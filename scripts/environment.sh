#!/bin/sh
# Makes .venv from the pinned requirements, and installs Kith itself into it: `environment.sh runtime` or `dev`.
# Nothing is looked up: every file is named and hashed in requirements/, and Kith is built by the pinned hatchling.
set -eu
cd "$(dirname "$0")/.."
wanted="$1"

fail() {
    echo "kith: $1" >&2
    exit 1
}

# The newest Python that can make an environment. A pyenv shim for a version that is not chosen answers nothing.
find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        echo "$candidate"
        return
    done
    for candidate in python3.13 python3.12 python3.11 python3; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        fail "$candidate comes without venv and ensurepip: install them (Debian and Ubuntu: apt install python3-venv)"
    done
    fail "Python 3.11 or newer is needed, and none of python3.13, python3.12, python3.11 and python3 is"
}

install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input "$@" ||
        fail "the packages in requirements/ could not be installed: what pip says is above"
}

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    echo "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv || fail "$python could not make .venv"
fi
echo "Installing the packages of requirements/$wanted.txt (a minute or more; only when they change)"
install --require-hashes --only-binary :all: -r requirements/build.txt -r "requirements/$wanted.txt"
install --no-deps --no-build-isolation --no-index --editable .
