"""The product with one thing that waits for a yes, which it does not have by itself: for the tests of the question."""
