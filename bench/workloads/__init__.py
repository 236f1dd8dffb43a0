"""One file a family of workloads; each names what it measures and its aims at the top."""
