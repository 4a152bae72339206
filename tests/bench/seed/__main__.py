"""`python -m tests.bench.seed full`: fill the database of DATABASE_URL, which must be migrated."""

import importlib
import sys

import django

from tests.bench.seed.scales import SCALES

if __name__ == "__main__":
    django.setup()
    module = importlib.import_module("tests.bench.seed.build")
    module.build(SCALES[sys.argv[1]])
