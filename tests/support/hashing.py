"""A password hasher that is fast, and counts how often a password was compared or hashed."""

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher


class Counted(PBKDF2PasswordHasher):
    """One round instead of many: for tests that guess thousands of times."""

    algorithm = "counted"
    iterations = 1
    evaluated = 0
    lock = threading.Lock()

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Hash; comparing hashes once, too."""
        with Counted.lock:
            Counted.evaluated += 1
        return super().encode(password, salt, 1)


class Quick(Argon2PasswordHasher):
    """The real hash with less work, so that other differences in time would show sooner."""

    time_cost = 1
    memory_cost = 8 * 1024
    parallelism = 1
