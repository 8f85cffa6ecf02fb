"""`python -m app` is the `careloop` command."""

import sys

from app.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
