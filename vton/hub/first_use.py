"""The one lock of everything that happens once: importing large packages, loading networks and folding their weights.

Python locks each module for itself: two threads that import packages with circular or lazy imports at the same time can
see half of them, which ends in an ImportError. Whoever imports or loads at first use holds this lock meanwhile.
"""

import threading

FIRST_USE = threading.RLock()
