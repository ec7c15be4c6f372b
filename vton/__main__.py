"""``python -m vton <verb>``."""

import sys

from vton.cli import main

sys.exit(main())
