"""Names, work and pastimes of people who do not exist."""

from __future__ import annotations


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.replace("\n", " ").split(","))


FIRST_NAMES = _listed("""
Emma, Liam, Olivia, Noah, Sofia, Lucas, Mia, Mateo, Amina, Omar, Priya, Arjun, Yuki, Haruto, Mei,
Wei, Fatima, Yusuf, Chloe, Hugo, Lena, Jonas, Clara, Felix, Ingrid, Lars, Aoife, Cian, Zofia,
Jakub, Elena, Marco, Giulia, Pedro, Lucia, Diego, Camila, Tomas, Nadia, Ivan, Katya, Dmitri,
Leila, Karim, Zainab, Kwame, Ama, Chidi, Ngozi, Thandi, Sipho, Abebe, Selam, Anh, Minh, Siti,
Budi, Maria, Jose, Ana, Rafael, Beatriz, Tiago, Hannah, Ethan, Grace, Samuel, Ruth, David, Miriam,
Daniel, Esther, Adam, Isla, Callum, Freya, Oscar, Astrid, Emil, Maja, Elias, Noor, Sami, Layla,
Hassan, Rosa, Paulo, Vera, Viktor, Irina, Andrei, Ioana, Petra, Milan, Tereza, Agnes, Bela,
Eszter, Nils, Saga, Aino, Eero, Kiri, Tane, Moana, Rangi, Alma, Otto, Greta, Kofi
""")

SURNAMES = _listed("""
Garcia, Smith, Nguyen, Kim, Patel, Chen, Silva, Müller, Rossi, Kowalski, Ivanova, Haddad, Okafor,
Mensah, Nakamura, Sato, Singh, Khan, Ali, Hansen, Johansson, Virtanen, Murphy, Campbell, Evans,
Dubois, Laurent, Bakker, Peeters, Novak, Horvat, Popescu, Papadopoulos, Yilmaz, Demir, Cohen,
Levi, Rahman, Chowdhury, Perera, Santos, Oliveira, Fernandez, Torres, Ramirez, Castillo, Flores,
Vargas, Brown, Wilson, Taylor, Walker, Wright, Hughes, Green, Baker, Turner, Parker, Reed, Brooks,
Bennett, Foster, Hayes, Sullivan, Quinn, Byrne, Lindqvist, Berg, Dahl, Nilsen, Eriksen, Fischer,
Weber, Becker, Wagner, Schulz, Koch, Bianchi, Greco, Conti, Moreau, Girard, Lefevre, Abebe,
Tesfaye, Mwangi, Otieno, Ndlovu, Dlamini, Banda, Adeyemi, Eze, Traore, Diallo, Wang, Liu, Zhang,
Tanaka, Ito, Park, Choi, Tran, Pham, Wijaya, Santoso, Reyes, Cruz, Hoang
""")

JOBS = _listed("""
nurse, teacher, software developer, electrician, accountant, chef, carpenter, graphic designer,
paramedic, bus driver, pharmacist, farmer, journalist, architect, plumber, librarian, civil
engineer, hairdresser, social worker, data analyst, baker, dentist, translator, mechanic,
photographer, police officer, florist, lawyer, physiotherapist, shop assistant, gardener,
firefighter, biologist, barista, tailor, pilot, editor, welder, veterinarian, project manager,
painter, receptionist, geologist, musician, optician, brewer, locksmith, midwife, tour guide,
actuary, sound engineer, beekeeper, crane operator, speech therapist, bookseller, warehouse clerk,
surveyor, game designer, cheesemaker, lighthouse keeper, watchmaker, train conductor, sommelier,
glassblower, air traffic controller, archivist, ski instructor, potter, network technician, estate
agent, ceramicist, marine biologist, ferry captain, piano tuner, roofer, insurance broker, sign
language interpreter, theatre director, cartographer, tax adviser
""")

HOBBIES = _listed("""
reading, cooking, hiking, gardening, photography, cycling, painting, swimming, chess, running,
knitting, birdwatching, playing the guitar, baking, fishing, yoga, board games, dancing, camping,
pottery, climbing, sewing, astronomy, singing in a choir, woodworking, stamp collecting, sailing,
learning languages, calligraphy, beekeeping, rowing, crosswords, origami, volunteering, kite
flying, geocaching, archery, model trains, brewing beer, wild swimming, playing the cello, martial
arts, restoring bicycles, fencing, film clubs, bouldering, journaling, orienteering, candle
making, metal detecting, improv theatre, foraging, table tennis, bookbinding, quilting, horse
riding, kayaking, genealogy, magic tricks, skating
""")

SKILLS = _listed("""
writing, project planning, public speaking, data analysis, negotiation, first aid, budgeting,
teaching, Python, spreadsheets, customer care, design, interviewing, welding, translation,
photography, marketing, mediation, research, statistics, storytelling, carpentry, SQL, event
planning, sales, illustration
""")

MOODS = _listed("""
happy, calm, curious, tired, hopeful, anxious, proud, bored, excited, grateful, sceptical,
nostalgic, relieved, restless, amused, lonely, determined, confused
""")

GOALS = _listed("""
sleep better, run a half marathon, save for a house, learn Portuguese, spend less time on the
phone, change careers, cook at home more often, read a book a month, lose five kilos, find new
friends, start a small business, walk every day, play in a band, pass an exam, travel by train,
grow vegetables, get out of debt, be a calmer parent, write a novel, swim a kilometre
""")

GENDERS = ("female", "male", "non-binary")
