"""Writes the catalogue, the countries, a customer and the search index into a fresh database."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.core.management import call_command
from django.db import transaction
from oscar.core.loading import get_model

from shop.catalogue import Product, products
from shop.pictures import draw

AttributeValue = get_model("catalogue", "ProductAttributeValue")
Attribute = get_model("catalogue", "ProductAttribute")
Category = get_model("catalogue", "Category")
Country = get_model("address", "Country")
Partner = get_model("partner", "Partner")
Picture = get_model("catalogue", "ProductImage")
ProductClass = get_model("catalogue", "ProductClass")
ProductRow = get_model("catalogue", "Product")
Range = get_model("offer", "Range")
ReviewRow = get_model("reviews", "ProductReview")
StockRecord = get_model("partner", "StockRecord")

CUSTOMER = ("reader@shop.example", "lantern-lane-42")
#: May use the dashboard.
KEEPER = ("keeper@shop.example", "lamp-keeper-71")
COUNTRIES = (("GB", "United Kingdom"), ("IE", "Ireland"), ("FR", "France"), ("DE", "Germany"), ("NL", "Netherlands"))


def seed() -> None:
    """Fill an empty database: tables, rows, pictures, index."""
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        _basics()
        shelves = _categories(products())
        classes = {True: _product_class("Book", "Author", "Pages", "Published"),
                   False: _product_class("Goods", "Maker", "Finish", "Weight")}  # fmt: skip
        partner = Partner.objects.create(name="Lantern Lane warehouse")
        for product in products():
            _product(product, classes[product.is_book], shelves[product.department, product.shelf], partner)
    call_command("rebuild_index", verbosity=0, interactive=False)


def _basics() -> None:
    Site.objects.update_or_create(pk=settings.SITE_ID, defaults={"domain": "127.0.0.1", "name": "Lantern Lane"})
    for order, (code, name) in enumerate(reversed(COUNTRIES)):
        Country.objects.create(
            iso_3166_1_a2=code, printable_name=name, name=name, display_order=order, is_shipping_country=True
        )
    email, password = CUSTOMER
    get_user_model().objects.create_user("reader", email, password, first_name="Robin", last_name="Reader")
    email, password = KEEPER
    get_user_model().objects.create_superuser("keeper", email, password, first_name="Kim", last_name="Keeper")
    Range.objects.create(name="Everything", includes_all_products=True)


def _categories(catalogue: Iterable[Product]) -> dict[tuple[str, str], object]:
    """Departments with their shelves beneath, in catalogue order."""
    departments: dict[str, object] = {}
    shelves: dict[tuple[str, str], object] = {}
    for product in catalogue:
        if product.department not in departments:
            departments[product.department] = Category.add_root(name=product.department)
        if (product.department, product.shelf) not in shelves:
            parent = Category.objects.get(pk=departments[product.department].pk)
            shelves[product.department, product.shelf] = parent.add_child(name=product.shelf)
    return shelves


def _product_class(name: str, *attributes: str) -> object:
    row = ProductClass.objects.create(name=name, requires_shipping=True, track_stock=True)
    Attribute.objects.bulk_create(
        Attribute(product_class=row, name=label, code=label.lower(), type=Attribute.TEXT) for label in attributes
    )
    return row


def _product(product: Product, product_class: object, category: object, partner: object) -> None:
    row = ProductRow(upc=product.upc, title=product.title, description=product.description, product_class=product_class)
    row.save()
    row.categories.add(category)
    StockRecord.objects.bulk_create(
        [StockRecord(product=row, partner=partner, partner_sku=product.upc, price=product.price,
                     num_in_stock=product.stock)]
    )  # fmt: skip
    attributes = {attribute.name: attribute for attribute in product_class.attributes.all()}
    AttributeValue.objects.bulk_create(
        AttributeValue(product=row, attribute=attributes[name], value_text=value)
        for name, value in product.attributes.items()
    )
    picture = f"{product.shelf.lower().replace(' ', '-')}.jpg"
    if not (settings.MEDIA_ROOT / picture).exists():
        draw(product.shelf, settings.MEDIA_ROOT / picture)
    Picture.objects.bulk_create([Picture(product=row, original=picture, display_order=0)])
    _reviews(product, row)


def _reviews(product: Product, row: object) -> None:
    ReviewRow.objects.bulk_create(
        ReviewRow(product=row, score=review.score, title=review.title, body=review.body, name=review.name,
                  email=f"{review.name.lower()}@shop.example", status=ReviewRow.APPROVED)
        for review in product.reviews
    )  # fmt: skip
    row.update_rating()
