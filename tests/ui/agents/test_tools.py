"""The MCP tools as an agent uses them: by the official client over the loopback, one tool's result into the next."""

import asyncio
import base64
import contextlib
import http.client
import http.server
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from drawn.dressed_photo import save_dressed, save_garment
from gradio_client import handle_file
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from tiny.colour_networks import figure
from tiny.tryon import as_bundled, save_networks

from vton.provenance import read_recipe
from vton.provenance.verification import Verdict
from vton.ui.agents.door import MOST_BYTES
from vton.ui.agents.tools import TOOLS


@pytest.fixture(scope="module", autouse=True)
def networks(demo, tmp_path_factory):
    """Tiny estimators, for which everything is a top, and a try-on system as the bundled weights."""
    with as_bundled(save_networks(tmp_path_factory.mktemp("networks"), "top", ("ma-vton",))):
        yield


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Paths of a person's photo and a garment's."""
    folder = tmp_path_factory.mktemp("photos")
    person = save_dressed(folder / "person.png", figure(420, 110, 40, (512, 400)))
    return person, save_garment(folder / "garment.png")


@pytest.fixture
def agent(address):
    """``agent(talk)``: what ``talk(session)`` returns, a coroutine function that is given a session of the server."""

    def run(talk):
        async def visit():
            async with streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _):
                async with ClientSession(read, write) as session:
                    await session.initialize()
                    return await talk(session)

        with ThreadPoolExecutor(1) as pool:  # Playwright leaves a running loop in the thread of the tests
            return pool.submit(asyncio.run, visit()).result()

    return run


def data_url(path):
    with open(path, "rb") as file:
        return f"data:image/png;base64,{base64.b64encode(file.read()).decode()}"


async def call(session, tool, **arguments):
    """The texts and pictures that a tool returns."""
    answer = await session.call_tool(tool, arguments)
    assert not answer.isError, answer.content
    texts = [part.text for part in answer.content if part.type == "text"]
    return texts, [base64.b64decode(part.data) for part in answer.content if part.type == "image"]


async def refused(session, tool, **arguments):
    answer = await session.call_tool(tool, arguments)
    assert answer.isError, answer.content
    return answer.content[0].text


def url_of(text):
    return text.removeprefix("Image URL: ")


def test_six_tools_whose_schemas_say_everything(agent, address, http):
    tools = agent(lambda session: session.list_tools()).tools
    assert {tool.name for tool in tools} == set(TOOLS)
    for tool in tools:
        assert len(tool.description) > 40
        for name, value in tool.inputSchema["properties"].items():
            assert value["description"] and value["type"] in ("string", "number", "integer", "array"), (tool.name, name)
    required = {tool.name: set(tool.inputSchema.get("required", ())) for tool in tools}
    assert required == {"cutout": {"photo"}, "pose": {"photo"}, "verify": {"picture"}, "dress": set(),
                        "tryon": {"person", "garment"}, "lookbook": set()}  # fmt: skip
    schema = http.get(f"{address}gradio_api/mcp/schema")
    assert schema.status_code == 200 and {tool["name"] for tool in schema.json()} == set(TOOLS)


def test_from_photos_to_a_verified_picture(agent, photos, client):
    async def dress(session):
        (cut, slot), _ = await call(session, "cutout", photo=data_url(photos[1]))
        (pose,), _ = await call(session, "pose", photo=data_url(photos[0]))
        texts, pictures = await call(session, "dress", **{slot: url_of(cut)}, pose=pose, seed=7, count=2)
        (verdict,), _ = await call(session, "verify", picture=url_of(texts[1]))
        return json.loads(pose), pictures, json.loads(verdict)

    pose, pictures, verdict = agent(dress)
    assert len(pose["people"][0]["pose_keypoints_2d"]) == 54
    recipes = [read_recipe(picture) for picture in pictures]
    assert [(recipe.seed, list(recipe.articles)) for recipe in recipes] == [(7, ["top"]), (8, ["top"])]
    assert verdict["verdict"] == Verdict.MADE.value and verdict["recipe"]["seed"] == 8


def test_the_same_bytes_as_the_endpoint(agent, photos, client):
    given = {"pose": "stand", "seed": 3, "psi": 0.7}
    _, (picture,) = agent(lambda session: call(session, "dress", top=data_url(photos[1]), **given))
    (file,) = client.predict(top=handle_file(photos[1]), **given, api_name="/generate")
    with open(file, "rb") as expected:
        assert picture == expected.read()


def test_try_on_and_lookbook(agent, photos):
    async def both(session):
        person, garment = map(data_url, photos)
        (_, facts), (picture,) = await call(session, "tryon", person=person, garment=garment)
        (book,), _ = await call(session, "lookbook", tried=[garment, garment], poses="stand, walk-left")
        return json.loads(facts), picture, book

    facts, picture, book = agent(both)
    assert facts["system"] == "ma-vton" and facts["slot"] == "top" and picture.startswith(b"\x89PNG")
    assert book.endswith(".zip") and "/gradio_api/file=" in book


@pytest.fixture
def foreign():
    """Address of another server, and the paths that it was asked for."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def test_no_address_is_fetched_and_no_file_of_the_machine_opened(agent, address, foreign, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"secret")
    url, asked = foreign
    elsewhere = [f"{url}/x.png", f"{url}/gradio_api/file=/etc/hostname", f"{url}/gradio_api/file={tmp_path}/photo.png",
                 f"{address}gradio_api/file={tmp_path}/photo.png", f"{address}gradio_api/file=../photo.png",
                 f"{address}gradio_api/file={url}/x.png", "http://169.254.169.254/latest"]  # fmt: skip

    async def try_all(session):
        said = [await refused(session, "cutout", photo=one) for one in elsewhere]
        listed = [await refused(session, "lookbook", tried=[one]) for one in elsewhere]
        local = [await refused(session, "cutout", photo=one) for one in (str(tmp_path / "photo.png"), "file:///etc/x")]
        return [*said, *listed], local

    said, local = agent(try_all)
    assert all("not here" in text for text in said), said
    assert all("provide a url" in text for text in local) and not asked


def test_mistakes_are_told_in_one_line(agent, photos, address, http):
    async def make_them(session):
        top = data_url(photos[1])
        return {
            "'photo' is a required property": await refused(session, "cutout"),
            "No article": await refused(session, "dress", seed=1),
            "relaxed": await refused(session, "dress", top=top, pose="moonwalk"),
            "Count must be": await refused(session, "dress", top=top, count=99),
            "not of type": await refused(session, "dress", top=top, seed="many"),
            "Unknown system 'dalle'": await refused(session, "tryon", person=top, garment=top, system="dalle"),
            "Unknown tool": await refused(session, "mix", transfer="colour"),
        }

    for words, text in agent(make_them).items():
        assert words in text and "Traceback" not in text and "/tmp" not in text, (words, text)


def test_what_is_no_request_of_the_protocol(address):
    url, accept = f"{address}gradio_api/mcp/", {"Accept": "application/json, text/event-stream"}
    with contextlib.closing(http.client.HTTPConnection(httpx.URL(url).netloc.decode(), timeout=60)) as connection:
        connection.request("POST", "/gradio_api/mcp/", headers=accept | {"Content-Length": str(MOST_BYTES + 1)})
        assert connection.getresponse().status == 413
    with httpx.Client(verify=False, timeout=60) as asking:
        assert asking.post(url, headers=accept, content=iter([b"{}"])).status_code == 411
        for body in (b"", b"{", b"[" * 100_000, b'{"jsonrpc": "2.0", "id": 1, "method": "no/such"}'):
            answer = asking.post(url, headers=accept | {"Content-Type": "application/json"}, content=body)
            assert answer.status_code < 500 and b"Traceback" not in answer.content, body[:20]
        for path in ("sse", "messages/", "http", "x"):
            assert asking.get(f"{url}{path}").status_code == 404, path
        assert asking.get(url).headers["content-type"].startswith("text/html")
