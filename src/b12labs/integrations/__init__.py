"""b12labs inside other libraries: each module is importable alone, and the core imports none of them."""
