"""Which kinds of error each operation has answered with in this run."""

# Pairs of an operation's name and a kind of error. An answer counts once it has been checked against the model.
SEEN: set[tuple[str, str]] = set()
