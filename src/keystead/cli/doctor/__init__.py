"""What `keystead doctor` looks at. Nothing here changes anything, or shows a secret.

Each check is one small function in a module of this package, listed in its `CHECKS`; to add one,
write it and list it. It yields findings: what is so, and where that is not well, why it matters
and what to do.
"""

from collections.abc import Iterator

from keystead.cli.doctor import background, copies, installation, journals, network, storage, vault
from keystead.cli.doctor.checking import Check, Finding
from keystead.cli.words import translate as _

CHECKS: tuple[Check, ...] = (
    *installation.CHECKS,
    *network.CHECKS,
    *storage.CHECKS,
    *vault.CHECKS,
    *journals.CHECKS,
    *copies.CHECKS,
    *background.CHECKS,
)

__all__ = ["CHECKS", "Check", "Finding", "examine"]


def examine() -> list[Finding]:
    """Everything, in order. What needs the database is left out while that does not answer."""
    findings: list[Finding] = []
    answers = True
    for check in CHECKS:
        if check.needs_database and not answers:
            continue
        for finding in _attempt(check):
            findings.append(finding)
            answers = answers and not finding.ends_here
    return findings


def _attempt(check: Check) -> Iterator[Finding]:
    """The findings of one check; one that fails is a finding, too, and stops no other."""
    try:
        yield from check.run()
    except Exception as error:  # whatever is wrong is what we are here to tell
        yield Finding(
            check.about,
            _("cannot be checked: {why}").format(why=error),
            is_well=False,
            why=_("What cannot be looked at may be wrong."),
            do=_("Look at the log, and at the settings this is about."),
        )
