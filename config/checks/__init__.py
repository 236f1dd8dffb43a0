"""What a developer runs: the tests, the other checks, and the mending of what can be mended by itself."""
