"""The generated pages and pictures of the documentation; `make generated` writes them."""
