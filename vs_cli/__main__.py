"""`python -m vs_cli` is `vs`."""

import sys

from vs_cli import main

sys.exit(main())
