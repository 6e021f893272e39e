"""`python -m b12labs` is the command `b12labs`."""

import sys

from b12labs.cli.main import main

sys.exit(main())
