"""Settings for the whole suite."""

from __future__ import annotations

import os

import hypothesis

hypothesis.settings.register_profile("developer", deadline=None, max_examples=100)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=500)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "developer")
