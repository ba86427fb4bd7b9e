"""The goods that a fresh shop starts with. Prices are in cents."""

from __future__ import annotations

from typing import NamedTuple


class Seed(NamedTuple):
    """One product of a fresh shop."""

    slug: str
    name: str
    category: str
    price: int
    stock: int
    description: str


CATEGORIES = ("Kitchen", "Garden", "Office", "Outdoor", "Home")

PRODUCTS: tuple[Seed, ...] = (
    Seed("enamel-kettle", "Enamel kettle", "Kitchen", 3950, 40, "Whistles when it boils."),
    Seed("cast-iron-pan", "Cast iron pan", "Kitchen", 4800, 25, "Seasoned, 26 cm, for any hob."),
    Seed("bread-knife", "Bread knife", "Kitchen", 2450, 60, "A long blade with a beech handle."),
    Seed("linen-apron", "Linen apron", "Kitchen", 3200, 30, "With two pockets and a long tie."),
    Seed("spice-mill", "Spice mill", "Kitchen", 1890, 80, "A ceramic grinder for whole spices."),
    Seed("tea-strainer", "Tea strainer", "Kitchen", 790, 120, "Fine mesh, fits most cups."),
    Seed("hand-trowel", "Hand trowel", "Garden", 1450, 70, "Forged steel with an ash handle."),
    Seed("watering-can", "Watering can", "Garden", 2790, 35, "Nine litres, with a brass rose."),
    Seed("garden-twine", "Garden twine", "Garden", 490, 200, "Fifty metres of green jute."),
    Seed("seed-tray", "Seed tray", "Garden", 990, 90, "Twenty-four cells and a lid."),
    Seed("pruning-shears", "Pruning shears", "Garden", 3290, 0, "For branches up to 20 mm."),
    Seed("desk-lamp", "Desk lamp", "Office", 5900, 20, "A warm light on a long arm."),
    Seed("notebook-ruled", "Ruled notebook", "Office", 1150, 150, "A5, 192 pages, lies flat."),
    Seed("fountain-pen", "Fountain pen", "Office", 2690, 45, "Steel nib, with a converter."),
    Seed("pencil-set", "Pencil set", "Office", 890, 110, "Twelve pencils from 4H to 6B."),
    Seed("letter-tray", "Letter tray", "Office", 2100, 30, "Bent oak, stacks with its like."),
    Seed("trail-bottle", "Trail bottle", "Outdoor", 2290, 65, "Steel, 0.75 l, keeps cold a day."),
    Seed("head-torch", "Head torch", "Outdoor", 3490, 50, "300 lumen, charged by USB-C."),
    Seed("picnic-blanket", "Picnic blanket", "Outdoor", 4490, 28, "Wool, with a waxed back."),
    Seed("dry-bag", "Dry bag", "Outdoor", 1990, 75, "Ten litres, taped seams."),
    Seed("camp-stove", "Camp stove", "Outdoor", 6990, 15, "Folds flat, boils a litre in 4 min."),
    Seed("wool-throw", "Wool throw", "Home", 7900, 18, "Lambswool, 130 by 180 cm."),
    Seed("beeswax-candle", "Beeswax candle", "Home", 1290, 140, "Burns for thirty hours."),
    Seed("wall-clock", "Wall clock", "Home", 5490, 22, "Silent, with an oak frame."),
    Seed("door-mat", "Door mat", "Home", 2390, 55, "Coir, made to be stood on."),
    Seed("oak-coat-hook", "Oak coat hook", "Home", 1690, 0, "Turned by hand, with a screw."),
)
