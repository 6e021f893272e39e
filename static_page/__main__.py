"""`python -m static_page`: build the folder build/page."""

from static_page.building import main

main()
