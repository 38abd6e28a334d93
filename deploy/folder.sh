#!/usr/bin/env bash
# Make a folder that installs and starts without a network, for a trainer on a plane:
#   deploy/folder.sh FOLDER
# It holds the app and its packages for the machine and the Python that run this (PYTHON names another).
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:?"Name the folder to make: deploy/folder.sh FOLDER"}
if [ -e "$folder" ]; then
  echo "$folder is there already: name a folder that is not." >&2
  exit 1
fi
mkdir -p "$folder"
cp -r "$here/.streamlit" "$here/app.py" "$here/pages" "$here/mssp_sim" "$here/requirements.txt" "$here/LICENSE" \
  "$folder"
find "$folder" -name __pycache__ -prune -exec rm -r {} +
"$here/deploy/wheelhouse.sh" "$folder/wheelhouse"
cp "$here/deploy/start.sh" "$here/deploy/start.cmd" "$folder"
echo "Copy $folder where you like; there, start.sh (Windows: start.cmd) installs once and starts the app."
