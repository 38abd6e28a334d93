#!/usr/bin/env bash
# Install the app from the packages beside this file, once, and start it; no network is used.
set -euo pipefail
cd "$(dirname "$0")"
if [ ! -x .venv/bin/streamlit ]; then
  "${PYTHON:-python3}" -m venv .venv
  .venv/bin/python -m pip install --disable-pip-version-check --quiet --no-index --find-links wheelhouse \
    --require-hashes --requirement requirements.txt
fi
exec .venv/bin/streamlit run app.py "$@"
