"""The vault: secrets go in once, stay sealed, and come out only into the page that they are bound to."""
