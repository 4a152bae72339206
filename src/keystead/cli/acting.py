"""Who acts when a command runs on the server itself; the journal knows it as `os:<user>`."""

from getpass import getuser

from keystead.kernel.actor import Actor, system


def local_actor(workspace_id: int) -> Actor:
    """Whoever runs a command on the server itself."""
    return system(workspace_id, f"os:{getuser()}", local=True)
