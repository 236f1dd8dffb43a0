"""What the whole product makes of what Meta delivers: signed HTTP at the real door, the digest lane, the books."""
