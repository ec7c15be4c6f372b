"""``python -m vton <verb>``."""

import sys

from vton.cli import main
from vton.console import print_any_character

print_any_character()
sys.exit(main())
