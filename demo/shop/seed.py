"""Entry point of the shop's environment: fill the folder ``SHOP_CATALOGUE``. Called by ``prepare.py``."""

import django

django.setup()

from shop.seed import seed  # noqa: E402  models exist only after setup

seed()
