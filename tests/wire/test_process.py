"""The server in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from openai import OpenAI

ROOT = Path(__file__).parents[2]


def test_the_printed_address_answers() -> None:
    command = [sys.executable, "-m", "tests.wire.server", "--text", "from afar"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            with OpenAI(base_url=process.stdout.readline().strip(), api_key="test") as client:
                reply = client.chat.completions.create(
                    model="test", messages=[{"role": "user", "content": "hello"}]
                )
        finally:
            process.send_signal(signal.SIGINT)
        assert (reply.choices[0].message.content, process.wait(5)) == ("from afar", 0)
