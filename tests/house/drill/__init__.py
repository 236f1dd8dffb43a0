"""The ground of the restore drill: an app of its own that forgets media, and a home to practise on.

Run as a part of the product, under `tests.house.drill.settings`, in the processes that the drill starts.
"""
