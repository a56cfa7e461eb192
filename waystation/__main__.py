"""The command line: `waystation import …`, `waystation match …`, and every management command."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command that stands after the name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waystation.config.settings")
    execute_from_command_line(["waystation", *sys.argv[1:]])


if __name__ == "__main__":
    main()
