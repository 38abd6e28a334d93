#!/usr/bin/env bash
# Fetch every package of requirements.txt, each with its hash checked, into a folder:
#   deploy/wheelhouse.sh [FOLDER] [what pip download is told besides, such as a platform]
# The packages are those for the machine and the Python that run this. For another one:
#   deploy/wheelhouse.sh wheelhouse --python-version 3.11 --platform manylinux_2_28_x86_64
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-"$here/wheelhouse"}
python=${PYTHON:-python3}
"$python" -m pip download --disable-pip-version-check --quiet --only-binary=:all: --require-hashes \
  --requirement "$here/requirements.txt" --dest "$folder" "${@:2}"
echo "$(find "$folder" -name '*.whl' | wc -l) packages in $folder"
