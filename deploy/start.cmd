@echo off
rem Install the app from the packages beside this file, once, and start it; no network is used.
cd /d "%~dp0"
if not exist .venv\Scripts\streamlit.exe (
  py -3 -m venv .venv || exit /b 1
  .venv\Scripts\python -m pip install --disable-pip-version-check --quiet --no-index --find-links wheelhouse --require-hashes --requirement requirements.txt || exit /b 1
)
.venv\Scripts\streamlit run app.py %*
