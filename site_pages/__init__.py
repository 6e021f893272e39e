"""The generated pages and pictures of the documentation: `python -m site_pages docs` writes them."""
