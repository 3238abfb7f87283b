"""A small client of the YAML language server, the one that VS Code uses: opens texts, asks as an editor does."""

import json
import queue
import subprocess
import threading
from pathlib import Path

PATIENCE = 60  # seconds without an answer: the server hangs
SETTINGS = {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}


class YamlServer:
    """A running server. `diagnostics`, `completion`, `hover` take a file's path and its text as the editor holds it."""

    def __init__(self, command, folder):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._inbox = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._number = 0
        self._published = {}
        self._ask("initialize", {"processId": None, "rootUri": Path(folder).as_uri(), "capabilities": CAPABILITIES})
        self._tell("initialized", {})
        self._wait(lambda message: message.get("method") == "workspace/configuration")

    def close(self):
        self._ask("shutdown", None)
        self._tell("exit", None)
        self._process.wait(PATIENCE)
        self._process.stdin.close()
        self._reader.join(PATIENCE)
        self._process.stdout.close()

    def diagnostics(self, path, text):
        """What is marked, as (line, column, message), counted from 1."""
        uri = self._open(path, text)
        self._wait(lambda _: uri in self._published)
        found = self._published.pop(uri)
        self._shut(uri)
        starts = [(item["range"]["start"], item["message"]) for item in found]
        return sorted((at["line"] + 1, at["character"] + 1, message) for at, message in starts)

    def completion(self, path, text):
        """What is offered where `‸` stands: label → (inserted text, explanation)."""
        answer = self._at_mark("textDocument/completion", path, text)
        items = answer if isinstance(answer, list) else answer["items"]
        return {item["label"]: (_inserted(item), _plain(item.get("documentation"))) for item in items}

    def hover(self, path, text):
        """What is shown over the place of `‸`."""
        answer = self._at_mark("textDocument/hover", path, text)
        return _plain(answer["contents"]) if answer else ""

    def _at_mark(self, method, path, text):
        before, _, after = text.partition("‸")
        uri = self._open(path, before + after)
        at = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        answer = self._ask(method, {"textDocument": {"uri": uri}, "position": at})
        self._shut(uri)
        return answer

    def _open(self, path, text):
        self._number += 1
        uri = Path(path).with_suffix(f".{self._number}.yaml").as_uri()  # the server publishes late for a closed file
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _shut(self, uri):
        self._tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    def _ask(self, method, params):
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        answer = self._wait(lambda message: message.get("id") == number and "method" not in message)
        assert "error" not in answer, answer
        return answer["result"]

    def _tell(self, method, params):
        self._send({"method": method, "params": params})

    def _send(self, message):
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _wait(self, wanted):
        while True:
            message = self._inbox.get(timeout=PATIENCE)
            self._note(message)
            if wanted(message):
                return message

    def _note(self, message):
        """Answer what the server asks; keep what it publishes."""
        if message.get("method") == "textDocument/publishDiagnostics":
            self._published[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            found = [SETTINGS.get(item["section"]) for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": found})
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})

    def _read(self):
        stream = self._process.stdout
        while line := stream.readline():
            length = int(line.split(b":")[1])
            while stream.readline().strip():
                pass
            self._inbox.put(json.loads(stream.read(length)))


CAPABILITIES = {
    "workspace": {"configuration": True},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown", "plaintext"]}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "publishDiagnostics": {"relatedInformation": True},
    },
}


def _inserted(item):
    return item.get("textEdit", {}).get("newText") or item.get("insertText") or item["label"]


def _plain(text):
    return text["value"] if isinstance(text, dict) else (text or "")
