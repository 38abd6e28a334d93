# Small, without root, and content with a read-only file system; built with the network off, from the
# files that deploy/wheelhouse.sh has fetched and whose hashes stand in requirements.txt:
#   deploy/wheelhouse.sh && docker build --network=none --build-arg BASE=python@sha256:... -t shared-savings .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL -p 8501:8501 shared-savings
# BASE is a digest, which always names the same image, never a tag: docs/deploy.md says how it is found.
ARG BASE
FROM ${BASE} AS packages
ARG BASE
COPY deploy/is_digest.sh .
RUN sh is_digest.sh "$BASE"
COPY requirements.txt .
COPY wheelhouse wheelhouse
RUN pip install --no-cache-dir --no-index --find-links wheelhouse --require-hashes --prefix=/packages \
    -r requirements.txt

FROM ${BASE}
COPY --from=packages /packages /usr/local
RUN useradd --system --uid 10001 --no-create-home app
WORKDIR /app
COPY .streamlit .streamlit
COPY app.py ./
COPY pages pages
COPY mssp_sim mssp_sim
RUN python -m compileall -q /app
USER 10001
# No home: the app writes nothing, and what a library wants to write goes to /tmp.
ENV HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD \
  ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8501, 4); c.request('GET', '/_stcore/health'); assert c.getresponse().status == 200"]
CMD ["streamlit", "run", "app.py", "--server.headless=true", "--server.address=0.0.0.0", \
     "--server.port=8501", "--server.fileWatcherType=none"]
