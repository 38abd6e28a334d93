"""The audit: a line an event where it is asked for, a user only from the proxy, nothing else."""

import asyncio
import json
import os
import subprocess
from pathlib import Path

import pytest

from mssp_sim.app import audit
from tests import conftest, replicas, wire

HEADER, SECRET = "X-Forwarded-User", "forty-two squirrels"
PROXY = """
pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {app};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-User "ivy@hospital.example";
      proxy_set_header X-Proxy-Secret "{secret}";
    }}
  }}
}}
"""
"""A stand-in for a proxy that has signed somebody in; docs/deploy.md has a real one."""


@pytest.fixture
def asked(monkeypatch, tmp_path):
    for name, value in (
        (audit.AUDIT, str(tmp_path / "audit")),
        (audit.USER_HEADER, HEADER),
        (audit.PROXY_SECRET, SECRET),
    ):
        monkeypatch.setenv(name, value)
    return tmp_path / "audit"


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


@pytest.mark.parametrize(
    ("sent", "user"),
    [
        ({HEADER: "ivy", "X-Proxy-Secret": SECRET}, "ivy"),
        ({HEADER: "ivy"}, None),
        ({HEADER: "ivy", "X-Proxy-Secret": SECRET[:-1]}, None),
        ({HEADER: "ivy", "X-Proxy-Secret": ""}, None),
        ({"X-Proxy-Secret": SECRET}, None),
        ({HEADER: "i\nv\ty" + "y" * 500, "X-Proxy-Secret": SECRET}, ("ivy" + "y" * 500)[:128]),
    ],
)
@pytest.mark.usefixtures("asked")
def test_a_user_is_believed_with_the_proxys_secret_alone(sent, user):
    assert audit.user_of(sent, os.environ) == user
    assert audit.user_of(sent, {audit.USER_HEADER: HEADER}) is None


def test_a_header_without_a_secret_refuses_to_start():
    with pytest.raises(audit.SettingError, match="anybody could name themselves"):
        audit.checked({audit.USER_HEADER: HEADER})
    audit.checked({})
    audit.checked({audit.USER_HEADER: HEADER, audit.PROXY_SECRET: SECRET})


@pytest.mark.usefixtures("asked")
def test_a_line_that_cannot_be_written_breaks_nothing(monkeypatch, caplog):
    monkeypatch.setenv(audit.AUDIT, "/dev/full")
    audit.note("page", {}, page="luck")
    assert "could not be written to /dev/full" in caplog.text


def test_a_file_taken_away_is_a_line_with_its_kind(asked):
    async def answer(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(path):
        headers = [(b"x-forwarded-user", b"ivy"), (b"x-proxy-secret", SECRET.encode())]
        scope = {"type": "http", "path": path, "headers": headers}
        await audit.Exports(answer)(scope, None, lambda _: asyncio.sleep(0))

    for path in ("/media/3f2a.pdf", "/static/app.js", "/aco/media/77.csv"):
        asyncio.run(ask(path))
    assert [(line["event"], line["kind"], line["user"]) for line in lines(asked)] == [
        ("export", ".pdf", "ivy"),
        ("export", ".csv", "ivy"),
    ]


@pytest.mark.long
def test_the_proxys_user_is_in_the_line_and_a_client_cannot_name_one(asked, tmp_path):
    if replicas.nginx() is None:
        (pytest.fail if conftest.IN_CI else pytest.skip)(replicas.NO_NGINX)
    conf, log, port = tmp_path / "nginx.conf", tmp_path / "log", conftest._free_port()

    async def visit(address, headers):
        visitor = await wire.Visitor(address, headers=headers).open()
        await visitor.move("quality_score", 80.0)
        await visitor.go("luck")
        await visitor.go("real_acos")
        uploader = visitor.element("file_uploader")
        await visitor.upload(uploader, "Mrs Smith.csv", b"secret figures\n1\n")
        await visitor.close()

    with conftest._served(log) as app:
        conf.write_text(PROXY.format(folder=tmp_path, port=port, app=app, secret=SECRET))
        program = [replicas.nginx(), "-e", "stderr", "-c", conf, "-g", "daemon off;"]
        with subprocess.Popen(program) as proxy:
            try:
                through = f"http://{conftest.LOCAL}:{port}"
                conftest._wait_until_healthy(through, proxy, log)
                asyncio.run(visit(through, {HEADER: "mallory"}))
            finally:
                proxy.terminate()
        behind = lines(asked)
        asyncio.run(visit(app, {HEADER: "mallory"}))
        direct = lines(asked)[len(behind) :]
    wanted = [
        {"event": "page", "page": "simulator"},
        {"event": "page", "page": "luck"},
        {"event": "page", "page": "real_acos"},
        {"event": "upload", "page": "real_acos", "kind": ".csv", "bytes": 17},
    ]
    for found, user in ((behind, "ivy@hospital.example"), (direct, None)):
        assert {line.pop("user") for line in found} == {user}
        assert all(line.pop("time") for line in found)
        assert found == wanted
    assert "mallory" not in asked.read_text()
    assert "Smith" not in asked.read_text()
    assert "quality" not in asked.read_text()
