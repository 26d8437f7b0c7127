"""Places, goods and subjects that the fields of a record may be about."""

from __future__ import annotations


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.replace("\n", " ").split(","))


CITIES = tuple(
    (city, country)
    for city, _, country in (
        pair.strip().partition("/")
        for pair in """
London/United Kingdom, Paris/France, Berlin/Germany, Madrid/Spain, Rome/Italy, Lisbon/Portugal,
Vienna/Austria, Zurich/Switzerland, Amsterdam/Netherlands, Brussels/Belgium, Copenhagen/Denmark,
Oslo/Norway, Stockholm/Sweden, Helsinki/Finland, Dublin/Ireland, Warsaw/Poland, Prague/Czechia,
Budapest/Hungary, Athens/Greece, Istanbul/Türkiye, Cairo/Egypt, Nairobi/Kenya, Lagos/Nigeria,
Accra/Ghana, Addis Ababa/Ethiopia, Cape Town/South Africa, Casablanca/Morocco, Dakar/Senegal,
Mumbai/India, Delhi/India, Dhaka/Bangladesh, Colombo/Sri Lanka, Bangkok/Thailand, Hanoi/Vietnam,
Jakarta/Indonesia, Manila/Philippines, Singapore/Singapore, Seoul/South Korea, Tokyo/Japan,
Osaka/Japan, Beijing/China, Shanghai/China, Sydney/Australia, Melbourne/Australia, Auckland/New
Zealand, Toronto/Canada, Montreal/Canada, Chicago/United States, Seattle/United States,
Boston/United States, Austin/United States, Denver/United States, Mexico City/Mexico,
Bogotá/Colombia, Lima/Peru, Santiago/Chile, Buenos Aires/Argentina, Montevideo/Uruguay, São
Paulo/Brazil, Recife/Brazil, Porto/Portugal, Lyon/France, Hamburg/Germany, Leeds/United Kingdom,
Glasgow/United Kingdom, Seville/Spain, Turin/Italy, Kraków/Poland, Gothenburg/Sweden,
Bergen/Norway
""".replace("\n", " ").split(",")
    )
)

STREETS = _listed("""
Mill Lane, Station Road, Harbour Street, Church Street, Oak Avenue, Market Square, River Walk,
Hill Road, School Lane, Garden Street, Bridge Street, Park Avenue, Lime Grove, Orchard Way, Castle
Street
""")

PRODUCTS = _listed("""
water bottle, desk lamp, backpack, running shoes, coffee grinder, notebook, headphones, umbrella,
frying pan, rain jacket, yoga mat, bicycle helmet, alarm clock, kettle, lunch box, garden hose,
keyboard, travel mug, tent, wall clock, cutting board, wool blanket, thermometer, bird feeder,
bookshelf, hand cream, sleeping bag, board game, toolbox, plant pot, tea infuser, bread knife,
phone stand, office chair, air purifier, pencil case, picnic basket, camping stove, bath towel,
dog leash
""")

MATERIALS = _listed("""
Steel, Bamboo, Cork, Linen, Copper, Ceramic, Oak, Recycled, Folding, Compact, Classic,
Featherlight, Everyday, Solar, Nordic, Pocket, Quiet, Urban, Alpine, Modular, Coastal, Smart,
Mini, Vintage, Carbon
""")

TOPICS = _listed("""
history, music, astronomy, football, cooking, cinema, biology, architecture, economics, mythology,
photography, climate, medicine, literature, robotics, philosophy, gardening, chemistry, aviation,
painting, linguistics, oceanography, chess, psychology, archaeology, mathematics, theatre, trains,
fashion, volcanoes, bridges, migration, sleep, maps, coffee, textiles, glaciers, insects, clocks,
radio, rivers, education, privacy, bicycles, bread, forests, lighthouses, dance, calendars,
vaccines
""")

COLOURS = _listed("""
blue, red, green, purple, yellow, orange, black, pink, turquoise, white, crimson, lavender, brown,
grey, indigo, gold, magenta, coral, ochre, olive, navy, beige, maroon, mint
""")

ANIMALS = _listed("""
dog, cat, horse, rabbit, parrot, owl, fox, otter, hedgehog, dolphin, elephant, turtle, goat,
penguin, squirrel, wolf, bee, heron, lynx, octopus, badger, swan, donkey, gecko
""")

DISHES = _listed("""
lentil soup, mushroom risotto, vegetable curry, roast chicken, fish tacos, bean stew, spinach pie,
tomato salad, beef noodles, pumpkin ravioli, rice pilaf, grilled aubergine, potato pancakes,
shakshuka, apple crumble, kimchi fried rice, pea soup, falafel wrap, salmon bowl, onion tart,
paella, dumplings, chickpea salad, lemon pasta, barley soup, stuffed peppers
""")

INGREDIENTS = _listed("""
onion, garlic, tomato, olive oil, rice, lentils, lemon, butter, flour, eggs, spinach, mushrooms,
ginger, carrot, potato, yoghurt, chickpeas, basil, cumin, salt, chicken, salmon, pasta, honey,
apple, cheese
""")

LANGUAGES = _listed("""
English, Spanish, French, German, Portuguese, Italian, Polish, Dutch, Swedish, Greek, Turkish,
Arabic, Swahili, Amharic, Hindi, Bengali, Thai, Vietnamese, Indonesian, Korean, Japanese, Chinese
""")

CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CHF", "SEK", "INR", "BRL", "KES", "AUD")

CATEGORIES = (
    "kitchen",
    "outdoor",
    "garden",
    "office",
    "sports",
    "travel",
    "home",
    "books",
    "toys",
    "health",
)

INDUSTRIES = _listed("""
agriculture, banking, construction, education, energy, fashion, health care, insurance, logistics,
media, mining, retail, shipping, software, telecommunications, tourism
""")

FEATURES = _listed("""
dishwasher safe, foldable, waterproof, made of recycled material, two-year warranty, rechargeable,
non-slip, light enough for a handbag, repairable, quiet, machine washable, with a carrying strap,
heat resistant, easy to clean, child safe, adjustable, no batteries needed, stackable, leakproof,
with spare parts
""")

COMPANY_HEADS = _listed("""
Blue Harbour, North Star, Green Field, Bright Path, Silver Birch, Red Kite, Open Sky, Stone
Bridge, Clear Water, Iron Oak, Quiet River, Golden Gate, Fern Hill, Salt Marsh, True North, Amber
Lake, Swift Wing, Copper Mill, Long Meadow, First Light, Wild Thyme, Paper Moon, High Tide, Tall
Pine, Half Acre, Deep Well, Lumen, Nova, Vertex, Orbit, Pebble, Quanta, Fathom, Kestrel, Juniper,
Tandem, Harvest, Beacon, Mosaic, Cinder
""")

COMPANY_TAILS = _listed("""
Labs, Works, Foods, Health, Energy, Studio, Logistics, Systems, Partners, Robotics, Analytics,
Textiles, Mobility, Learning, Gardens, Finance, Media, Tools, Travel, Homes
""")

ADJECTIVES = _listed("""
quiet, bright, old, hidden, slow, careful, wild, narrow, golden, patient, sudden, distant, gentle,
broken, honest, heavy, early, open, secret, simple, late, northern, paper, winter, clever,
borrowed, restless, silver, ordinary, unfinished, green, hollow, brave, warm, forgotten, plain,
steady, lucky, far, second
""")

NOUNS = _listed("""
river, garden, letter, window, bridge, market, lantern, harbour, map, clock, orchard, train,
island, kitchen, song, forest, mirror, tower, road, winter, notebook, door, village, promise,
signal, boat, field, archive, neighbour, museum, storm, library, ladder, compass, station, shadow,
valley, workshop, recipe, engine
""")

VERBS = _listed("""
changes, needs, remembers, explains, surprises, shapes, outlives, improves, connects, costs,
teaches, protects, divides, slows down, speeds up, rewards, hides, repairs, measures, questions
""")
