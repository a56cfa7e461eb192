"""python -m bench.nation: see `bench.nation.measuring`."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.nation.measuring import main

os.environ.setdefault("PYTHONHASHSEED", "0")
main()
