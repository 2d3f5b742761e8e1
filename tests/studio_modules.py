"""The studio's modules on a bare page of their own, so that tests can call their functions one by one."""

import json
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType

from artstudio.pages.studio_data import studio_data
from artstudio.pages.studio_page import MODULES

_PAGE = """<!doctype html><meta charset="utf-8"><title>Modules</title><link rel="icon" href="data:,">
<script type="application/json" id="data">{data}</script>"""

CALL = """async ([module, name, values]) => {
  const data = window.studioData ??= JSON.parse(document.getElementById("data").textContent);
  const { activationList } = await import("./functions.js");
  activationList(data);
  const call = (await import("./" + module))[name];
  return values.map((given) => {
    try { return call(...given.map((one) => one === "data" ? data : one)); }
    catch (error) { return "error: " + error.message; }
  });
}"""
"""Calls a module's function with each list of values, where "data" is the page's; an error becomes its line."""


@contextmanager
def served_folder(folder):
    """Serve a folder on this machine; yields the address of its root."""
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def served_modules(folder, page=_PAGE, scripts=MappingProxyType({})):
    """Serve the modules and scripts, put into `folder`, on a page that has the data; yields its address."""
    shutil.copytree(MODULES, folder, dirs_exist_ok=True)
    data = json.dumps(studio_data()).replace("<", "\\u003c")
    for name, text in {**scripts, "index.html": page.replace("{data}", data)}.items():
        (folder / name).write_text(text, encoding="utf-8")
    with served_folder(folder) as root:
        yield f"{root}/index.html"
