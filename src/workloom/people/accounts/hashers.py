from django.contrib.auth.hashers import Argon2PasswordHasher


class LeanArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB on one lane: with the framework's 100 MiB a few sign-ins at once exhaust a small server."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
