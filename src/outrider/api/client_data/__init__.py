"""The client data surface, ``/v4/{tier}/{shortName}/…``: one table of resources, and one way to read each of them."""
