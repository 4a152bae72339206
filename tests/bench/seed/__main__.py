"""`python -m tests.bench.seed full`: fill the database of DATABASE_URL, which must be migrated."""

import importlib
import sys

import django

if __name__ == "__main__":
    django.setup()
    module = importlib.import_module("tests.bench.seed.build")
    module.build(importlib.import_module("tests.bench.seed.register").SCALES[sys.argv[1]])
