"""The worker process, seen from outside: asked within a time limit, killed when it does not answer."""

import json
import subprocess
import sys
import threading
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

from fpcheck.problem import why_not

LOOK = 0.1  # seconds between two looks at the clock
SCRIPT = Path(__file__).with_name("worker.py")


class WorkerFailed(Exception):  # noqa: N818 - told apart from errors of the caller
    """The worker crashed, was killed, or did not answer in time; the message is for people."""


class Worker:
    """One process with durable-rules in it.

    Raises:
        WorkerFailed: the system starts no process.
    """

    def __init__(self) -> None:
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        command = [sys.executable, "-P", str(SCRIPT)]
        if not sys.executable:
            raise WorkerFailed("启动不了进程（不知道 Python 在哪里）")
        try:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet)  # noqa: S603 - our script
        except OSError as error:
            raise WorkerFailed(f"启动不了进程（{why_not(error)}）") from None
        self._watch, self._stopped = threading.Lock(), threading.Event()
        self._deadline, self._late = inf, False
        threading.Thread(target=self._keep_watch, daemon=True).start()

    @property
    def pid(self) -> int:
        """The process number."""
        return self._process.pid

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, str]:
        """Send a request and wait for what fired: outcome letters by key.

        Raises:
            WorkerFailed: it died, refused, or took longer than `seconds`.
        """
        line = json.dumps(request, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        with self._watch:
            self._deadline = monotonic() + seconds
        answer = self._exchange(line)
        with self._watch:
            self._deadline, late = inf, self._late
        if late:
            raise WorkerFailed(f"{seconds:g} 秒没有答复，已停止")
        if not answer.endswith(b"\n"):  # nothing, or only a part of it
            raise WorkerFailed(f"进程意外结束（{self._end()}）")
        found: dict[str, Any] = json.loads(answer)
        if "error" in found:
            raise WorkerFailed(found["error"])
        return found["fired"]  # type: ignore[no-any-return]

    def _keep_watch(self) -> None:
        """Look at the clock now and then, for all requests, and kill the process when its answer is overdue."""
        while not self._stopped.wait(LOOK):
            with self._watch:
                if monotonic() > self._deadline:
                    self._late = True
                    self._process.kill()
                    return

    def _exchange(self, line: bytes) -> bytes:
        out, back = self._process.stdin, self._process.stdout
        if out is None or back is None:
            return b""
        try:
            out.write(line)
            out.flush()
            return back.readline()
        except OSError:  # the process is gone, and the pipe with it
            return b""

    def _end(self) -> str:
        code = self._process.wait()
        return f"信号 {-code}" if code < 0 else f"退出码 {code}"

    def stop(self) -> None:
        """End the process."""
        self._stopped.set()
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:  # what was still to be written cannot be
                    continue
        self._process.wait()
