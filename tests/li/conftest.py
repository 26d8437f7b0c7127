from tests.wire.conftest import server as server  # noqa: PLC0414  # a fixture for this folder
