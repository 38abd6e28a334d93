# Small, without root, and content with a read-only file system:
#   docker build -t shared-savings .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL -p 8501:8501 shared-savings
FROM python:3.11-slim AS packages
COPY requirements.txt .
RUN pip install --no-cache-dir --prefix=/packages -r requirements.txt

FROM python:3.11-slim
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
  ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.headless=true", "--server.address=0.0.0.0", \
     "--server.port=8501", "--server.fileWatcherType=none"]
