"""What the shop sells, as tables of words. Every name and sentence is invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category of goods. Each kind is sold in two finishes."""

    department: str
    name: str
    #: Pounds.
    cheapest: int
    dearest: int
    finishes: tuple[str, ...]
    #: What it is, and a sentence about it.
    kinds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BookShelf:
    """A category of books: title, author, a sentence."""

    name: str
    books: tuple[tuple[str, str, str], ...]


MAKERS = (
    "Harrow & Pine", "Fennimore", "Oxbow", "Tallis", "Brackenridge", "Lowmoor", "Quillan", "Sandpiper", "Wexcombe",
    "Marlow Works", "Ardent", "Hollin",
)  # fmt: skip

WOOD = ("oak", "walnut", "ash", "beech", "birch", "cherry")
METAL = ("brass", "copper", "graphite", "steel", "nickel", "black iron")
GLAZE = ("cream", "slate blue", "moss green", "speckled", "charcoal", "terracotta")
CLOTH = ("linen", "wool", "cotton", "striped", "quilted", "undyed")

SHELVES = (
    Shelf("Lighting", "Desk lamps", 19, 89, METAL, (
        ("desk lamp", "Lights a page evenly and swings out of the way."),
        ("clamp lamp", "Grips any shelf or table edge up to five centimetres thick."),
        ("reading lamp", "A narrow warm beam that lets others sleep."),
        ("banker's lamp", "A glass shade over a weighted foot."),
        ("folding lamp", "Closes flat for a drawer or a suitcase."),
    )),
    Shelf("Lighting", "Lanterns", 9, 64, METAL, (
        ("storm lantern", "Stays lit in the wind on a balcony or a deck."),
        ("candle lantern", "Four glass panes and a door that shuts firmly."),
        ("hanging lantern", "Comes with a chain one metre long."),
        ("camping lantern", "Charges over a cable and lasts two nights."),
        ("paper lantern", "Folds out to a soft round light."),
    )),
    Shelf("Lighting", "Candles", 4, 28, GLAZE, (
        ("pillar candle", "Burns for sixty hours without dripping."),
        ("taper candle pair", "Two slender candles, dipped by hand."),
        ("scented candle", "Smells of cedar and a little orange."),
        ("tealight holder", "Throws a pattern of dots on the wall."),
        ("candle snuffer", "Puts out a flame without smoke."),
    )),
    Shelf("Kitchen", "Kettles and pots", 16, 110, METAL, (
        ("stovetop kettle", "Whistles on two notes when the water boils."),
        ("gooseneck kettle", "Pours a thin stream for slow coffee."),
        ("stockpot", "Holds eight litres and has measuring marks inside."),
        ("saucepan", "A pouring lip on both sides."),
        ("casserole dish", "Goes from the hob into the oven."),
    )),
    Shelf("Kitchen", "Knives and boards", 11, 98, WOOD, (
        ("bread knife", "Long teeth that leave few crumbs."),
        ("paring knife", "Small, light and easy to sharpen."),
        ("chopping board", "End grain that is kind to an edge."),
        ("cheese board", "A groove keeps the knife in its place."),
        ("knife block", "Holds six blades without slots to clean."),
    )),
    Shelf("Kitchen", "Cups and bowls", 5, 46, GLAZE, (
        ("breakfast bowl", "Deep enough for porridge and fruit."),
        ("coffee cup", "Keeps its heat and sits well in the hand."),
        ("teapot", "Pours without a drop and strains the leaves."),
        ("mixing bowl", "A spout, a handle and a broad foot."),
        ("serving dish", "Large enough for a table of six."),
    )),
    Shelf("Garden", "Spades and forks", 14, 72, WOOD, (
        ("digging spade", "A tread that spares the sole of the boot."),
        ("border spade", "Shorter and lighter, for beds that are full."),
        ("garden fork", "Four square tines for heavy soil."),
        ("hand trowel", "Marked in centimetres for bulbs."),
        ("hand fork", "Loosens roots without cutting them."),
    )),
    Shelf("Garden", "Watering", 6, 58, METAL, (
        ("watering can", "Balanced when full, with a rose that comes off."),
        ("plant mister", "A fine fog for ferns and seedlings."),
        ("hose reel", "Winds in thirty metres by a handle."),
        ("rain gauge", "Reads to half a millimetre."),
        ("sprinkler", "Covers a lawn of up to two hundred square metres."),
    )),
    Shelf("Garden", "Pots and planters", 7, 84, GLAZE, (
        ("plant pot", "A hole and a saucer, as a plant wants it."),
        ("window planter", "Fits a sill of ordinary depth."),
        ("hanging planter", "Three cords and a hook are included."),
        ("herb planter", "Three compartments for a kitchen window."),
        ("bird bath", "Shallow at the edge and safe for wrens."),
    )),
    Shelf("Workshop", "Hand tools", 8, 76, WOOD, (
        ("claw hammer", "A forged head on a straight handle."),
        ("block plane", "Takes an even shaving across the grain."),
        ("tenon saw", "A stiff back and fine teeth for joints."),
        ("chisel set", "Four widths in a roll."),
        ("marking gauge", "A wheel that does not wander with the grain."),
    )),
    Shelf("Workshop", "Screwdrivers and spanners", 5, 54, METAL, (
        ("screwdriver set", "Six drivers that cover most of a house."),
        ("adjustable spanner", "Opens to thirty millimetres and stays there."),
        ("ratchet", "Seventy-two teeth for narrow places."),
        ("hex key set", "Nine keys in a holder that unfolds."),
        ("pocket driver", "Eight bits in the handle."),
    )),
    Shelf("Workshop", "Storage boxes", 6, 62, WOOD, (
        ("tool chest", "Three drawers and a lid with a lock."),
        ("storage box", "Stacks, and shows what is inside."),
        ("parts tray", "Fifteen compartments of two sizes."),
        ("pegboard", "Comes with twelve hooks."),
        ("tool roll", "Ten pockets and a strap."),
    )),
    Shelf("Home", "Blankets and cushions", 12, 120, CLOTH, (
        ("throw blanket", "Large enough for two on a sofa."),
        ("picnic blanket", "A back that keeps the damp out."),
        ("floor cushion", "Firm enough to sit on for an evening."),
        ("seat cushion", "Ties to a kitchen chair."),
        ("bolster", "Supports the back of a reader."),
    )),
    Shelf("Home", "Clocks", 13, 92, WOOD, (
        ("wall clock", "A silent movement and clear numerals."),
        ("alarm clock", "Rings louder the longer it is ignored."),
        ("mantel clock", "Strikes the hours, or not, at the turn of a switch."),
        ("kitchen timer", "Sixty minutes, wound by hand."),
        ("travel clock", "Folds into its own case."),
    )),
    Shelf("Home", "Baskets", 7, 66, CLOTH, (
        ("laundry basket", "Two handles and a lid."),
        ("log basket", "Carries an evening's wood."),
        ("bread basket", "Keeps a loaf warm under a cloth."),
        ("bicycle basket", "Lifts off with one hand."),
        ("shelf basket", "Made for the depth of a bookcase."),
    )),
    Shelf("Outdoors", "Bags", 18, 130, CLOTH, (
        ("day pack", "Eighteen litres and a sleeve for a map."),
        ("shoulder bag", "A flap that closes in the rain."),
        ("duffel bag", "Opens wide and packs flat."),
        ("bicycle bag", "Clips to a rack without tools."),
        ("wash bag", "Hangs from any hook."),
    )),
    Shelf("Outdoors", "Flasks and mugs", 8, 48, GLAZE, (
        ("vacuum flask", "Hot for twelve hours, cold for a day."),
        ("travel mug", "A lid that does not leak in a bag."),
        ("water bottle", "Fits a bicycle's cage."),
        ("camping mug", "Enamelled, and light to carry."),
        ("soup flask", "A wide mouth and a folding spoon."),
    )),
    Shelf("Outdoors", "Tents and shelters", 24, 260, CLOTH, (
        ("two-person tent", "Stands in five minutes and weighs two kilograms."),
        ("tarp", "Eight loops and reinforced corners."),
        ("beach shelter", "Shade for a family of four."),
        ("hammock", "Carries a hundred and fifty kilograms."),
        ("sleeping mat", "Rolls to the size of a loaf."),
    )),
    Shelf("Stationery", "Notebooks", 3, 32, CLOTH, (
        ("notebook", "Two hundred pages that lie flat."),
        ("pocket notebook", "Fits a shirt and takes ink well."),
        ("sketchbook", "Heavy paper for pencil and wash."),
        ("garden journal", "Five years side by side on each page."),
        ("recipe book", "Blank pages with room for spills."),
    )),
    Shelf("Stationery", "Pens and pencils", 3, 68, METAL, (
        ("fountain pen", "Writes at the first touch."),
        ("ballpoint pen", "Takes the refills that every shop has."),
        ("mechanical pencil", "A sliding sleeve that protects the lead."),
        ("pencil sharpener", "Two holes and a box for the shavings."),
        ("pen stand", "Heavy, so that it stays where it is."),
    )),
    Shelf("Stationery", "Desk accessories", 5, 58, WOOD, (
        ("letter tray", "Stacks two and three high."),
        ("desk organiser", "Seven compartments for small things."),
        ("book stand", "Holds a cookery book open at any page."),
        ("bookend pair", "Two, with felt under the foot."),
        ("magazine rack", "Stands beside a chair."),
    )),
)  # fmt: skip

BOOKS = (
    BookShelf("Fiction", (
        ("The Quiet Orchard", "Ines Vardal", "Two sisters inherit trees that they can't tell apart."),
        ("Salt on the Stairs", "Tobias Renn", "A ferry pilot keeps a house full of other people's furniture."),
        ("A Lamp for the Ferryman", "Maude Okello", "A lighthouse is switched off, and somebody lights it again."),
        ("Nine Winters in Halden", "Piet Aldersey", "A village teacher writes one letter a year."),
        ("The Cartographer's Umbrella", "Lucia Ferrant", "A map turns out to be the wrong way round."),
        ("What the Heron Saw", "Aled Pryce", "A summer on a canal, told by those who stayed on the bank."),
        ("The Clockmaker's Holiday", "Hanna Sorell", "Every clock in town is right for one day."),
        ("Under the Copper Roof", "Jonas Whitlock", "Three families, one staircase, forty years."),
        ("The Last Post Office", "Rosalind Achebe-Moor", "A letter arrives for someone who was never there."),
        ("Bread and Weather", "Emil Castellan", "A baker learns to forecast storms."),
    )),
    BookShelf("Cookery", (
        ("One Kettle, Forty Soups", "Greta Lindqvist-Hale", "Soups for people with one pot and little time."),
        ("The Patient Baker", "Samir Odell", "Loaves that need three days and ten minutes."),
        ("Supper for Six", "Clara Benning", "Fifty-two menus with their shopping lists."),
        ("Pickles and Patience", "Dorothea Quist", "What to do with a glut of cucumbers."),
        ("The Herb Drawer", "Matteo Brannigan", "Twelve herbs and what each one forgives."),
        ("Kitchen Arithmetic", "Wilma Trask", "Scale, substitute and still be in time."),
        ("Cheese at Home", "Anselm Grey", "From curds to a first hard wheel."),
        ("The Camping Cook", "Nell Farrow", "Meals from a single flame."),
        ("Fruit in Jars", "Beatrix Lowe", "Jams, jellies and syrups by the month."),
        ("A Year of Porridge", "Callum Reith", "More than you thought there was to say."),
    )),
    BookShelf("Gardening", (
        ("The Lazy Border", "Philippa Nunn", "Plants that do well when you are away."),
        ("Spade and Almanac", "Gordon Ashby", "Jobs for each week, with the reasons."),
        ("Small Pots, Big Tomatoes", "Rafael Minto", "A balcony's worth of harvest."),
        ("A Garden in the Rain", "Siobhan Kerr", "Planting for wet ground."),
        ("The Night Garden", "Yusuf Hallam", "Scent, moths and moonlight."),
        ("Pruning Without Fear", "Edith Corran", "One cut at a time, with drawings."),
        ("Soil, Slowly", "Marguerite Onslow", "Compost and what lives in it."),
        ("The Window Box Book", "Teddy Marchetti", "Thirty plans for a narrow sill."),
        ("Hedges and Edges", "Bram Tolliver", "Where a garden ends."),
        ("Seeds to Swap", "Ottilie Frame", "Save, label and give away."),
    )),
    BookShelf("Travel and history", (
        ("Slow Trains North", "Henrik Amory", "Nine lines that have no hurry."),
        ("The Lantern Roads", "Zainab Colby", "How towns were lit before the wire."),
        ("Walking the Old Canals", "Frances Peel", "Twelve walks with their locks and inns."),
        ("A Short History of Spoons", "Leopold Marsh", "From shell to silver."),
        ("Islands by Ferry", "Katrin Bell", "Timetables, beaches and where to eat."),
        ("The Pocket Atlas of Wind", "Oskar Lindane", "Names of winds and what they bring."),
        ("Bridges of the Valley", "Imogen Starr", "Stone, iron, concrete, rope."),
        ("The Clock Towers", "Victor Salim", "Why the time differed by a street."),
        ("Tents and Thunder", "Polly Ramage", "A summer on foot, mostly wet."),
        ("Postcards from the Ridge", "Nicolas Abara", "Sixty mountains and one camera."),
    )),
)  # fmt: skip

#: Score, title, text of a review.
REVIEWS = (
    (5, "Exactly right", "Bought one, came back for a second."),
    (5, "A pleasure to use", "Well made, and it shows every day."),
    (4, "Very good", "Does what it says; the parcel was larger than it had to be."),
    (4, "Happy with it", "A little heavier than I had thought."),
    (4, "Good value", "Not the cheapest, but it will last."),
    (3, "Decent", "Fine for the price, nothing more."),
    (3, "Mixed feelings", "I like the look; the finish could be better."),
    (2, "Not for me", "Smaller than I had imagined from the picture."),
    (1, "Sent it back", "Arrived with a scratch and had to go back."),
)
REVIEWERS = ("Amara", "Bennet", "Celia", "Dov", "Elspeth", "Farid", "Greta", "Hugo", "Isla", "Jerome")
