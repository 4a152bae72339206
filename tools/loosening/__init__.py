"""Takes every single permission check away, one at a time, and looks which tests notice.

    python -m tools.loosening                      all of them; goes on where it was stopped
    python -m tools.loosening --only row,verb      some kinds; or part of a file's name
    python -m tools.loosening --list               only say what there is

The checks are found by reading the source (`sites`), put into a copy of the tree in such a way
that each can be switched off by its number, and the tests run once there to learn which of them
pass by which check (`plugin`). Then each check is switched off in a process of its own, and the
tests that pass by it run until one fails: the loosening is *killed*. Where none fails it
*survived*, and a test is missing. `equal.py` names those that change nothing, with the reason.
"""
