"""Common parts of the suites: the server under test, signed raw HTTP, and the API model as botocore ships it."""
