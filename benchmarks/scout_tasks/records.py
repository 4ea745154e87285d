"""The data behind our own pages: orders of a wholesaler, news of a harbour town, shoes of a shop."""

from dataclasses import dataclass

__all__ = ["NEWS", "ORDERS", "SHOES", "Article", "Order", "Shoe"]


@dataclass(frozen=True, slots=True)
class Order:
    """One row of the table of orders."""

    number: str
    placed: str
    customer: str
    #: Euros, as the table writes them.
    total: str
    status: str


@dataclass(frozen=True, slots=True)
class Article:
    """One entry of the news."""

    slug: str
    headline: str
    date: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Shoe:
    """One shoe of the filtered list."""

    name: str
    colour: str
    size: str
    price: str


ORDERS = (
    Order("10431", "2 Nov 2026", "Brightwater Cafe", "€412.80", "Shipped"),
    Order("10430", "2 Nov 2026", "Halden Books", "€96.00", "Open"),
    Order("10428", "1 Nov 2026", "The Copper Pan", "€1,204.50", "Shipped"),
    Order("10427", "31 Oct 2026", "Nordlys Hotel", "€2,310.00", "Cancelled"),
    Order("10425", "30 Oct 2026", "Brightwater Cafe", "€388.20", "Open"),
    Order("10424", "30 Oct 2026", "Salt & Stone", "€57.90", "Shipped"),
    Order("10421", "28 Oct 2026", "Orchard House School", "€745.00", "Shipped"),
    Order("10419", "27 Oct 2026", "Halden Books", "€128.40", "Shipped"),
    Order("10418", "27 Oct 2026", "Ferry Office", "€3,015.75", "Open"),
    Order("10415", "24 Oct 2026", "Nordlys Hotel", "€980.00", "Shipped"),
    Order("10412", "22 Oct 2026", "Lightship Bar", "€266.10", "Open"),
    Order("10409", "20 Oct 2026", "The Copper Pan", "€64.00", "Shipped"),
)

NEWS = (
    Article("bridge", "Swing bridge closed until Friday", "18 November 2026", "Ines Calder",
            "Divers found a worn bearing under the eastern pier."),
    Article("ferry", "Night ferry returns after eight years", "20 November 2026", "Jonas Weir",
            "The first crossing leaves at a quarter to midnight."),
    Article("market", "Fish market moves to the old rope works", "17 November 2026", "Ines Calder",
            "Stallholders open on the first Saturday of December."),
    Article("library", "Library lends out sewing machines", "16 November 2026", "Pavel Strand",
            "Six machines can be booked for a week each."),
    Article("pool", "Sea pool to be heated in winter", "14 November 2026", "Maud Ferris",
            "Waste heat from the ice plant does the work."),
    Article("school", "Pupils map every rain barrel in town", "12 November 2026", "Jonas Weir",
            "They counted four hundred and twelve."),
    Article("tram", "Tram line 4 gets quieter wheels", "11 November 2026", "Pavel Strand",
            "Neighbours had measured the noise for a year."),
    Article("lighthouse", "Lighthouse keeper retires", "9 November 2026", "Maud Ferris",
            "Nobody has lived in the tower since."),
    Article("bakery", "Bakery wins prize for rye loaf", "7 November 2026", "Ines Calder",
            "The dough rests for two days."),
)  # fmt: skip

SHOES = (
    Shoe("Fell Runner", "Red", "42", "€89.00"),
    Shoe("Harbour Boot", "Brown", "42", "€129.00"),
    Shoe("Pier Sandal", "Blue", "42", "€45.00"),
    Shoe("Tide Sneaker", "Blue", "41", "€75.00"),
    Shoe("Court Classic", "Red", "43", "€69.00"),
    Shoe("Ridge Hiker", "Green", "42", "€149.00"),
    Shoe("Dune Slipper", "Red", "42", "€39.00"),
    Shoe("Quay Loafer", "Blue", "42", "€99.00"),
)
