"""Words a register of a property company is made of."""

FIRST_NAMES = (
    "Ada Alan Amina Andrei Anja Arjun Aylin Beatrice Ben Bogdan Carla Chen Clara Dana David "
    "Edith Elena Emeka Erik Eva Farid Fiona Frida Gareth Giulia Hana Hannah Henrik Ida Igor "
    "Imran Ines Jakob Jana Joana Jonas Kasia Keiko Lars Leila Lena Liam Linh Luca Magda Malik "
    "Maria Marta Mehmet Mina Nadia Nils Noor Olga Omar Oskar Paula Pavel Petra Rahel Ravi Rosa "
    "Ruth Samir Sara Selma Sofia Sven Tamara Theo Tomas Ulla Vera Viktor Wanda Yara Yusuf Zoe"
).split()
LAST_NAMES = (
    "Abbott Akintola Andersson Bauer Becker Berger Bianchi Bondarenko Brandt Castillo Chaudhry "
    "Collins Costa Dahl Dubois Eriksen Esposito Farkas Ferrari Fischer Fofana Garcia Graham "
    "Gruber Haddad Hansen Hartley Hoffmann Horvat Huber Ibrahim Ivanov Jansen Jensen Kaya Keller "
    "Khan Kowalski Krause Kumar Larsen Lehmann Lindqvist Lopez Maier Marino Mbeki Meyer Moreau "
    "Murphy Nakamura Nguyen Novak Okafor Olsen Osman Palmer Pereira Petrov Popescu Quinn Rahman "
    "Richter Rossi Santos Schmid Schulz Silva Singh Sokolov Steiner Suzuki Tanaka Taylor Torres "
    "Varga Vogel Wagner Walsh Weber Wolf Wright Yilmaz Young Zhang Ziegler"
).split()
TRADES = (
    "Lifts Cleaning Plumbing Electrics Roofing Security Gardens Windows Heating Painting Glazing "
    "Fire-Protection Removals Locksmiths Waste"
).split()
DEPARTMENTS = ("Facilities", "Letting", "Reception", "Night watch", "Accounts", "IT", "")
SITES = (
    "Harbour House", "Mill Lane", "Stonegate", "Orchard Court", "Kingsway", "Foundry Yard",
    "St Anne's", "Riverside", "The Maltings", "Castle Street", "Observatory", "Tannery Row",
    "Granary", "Bishop's Park", "Lighthouse", "Viaduct",
)  # fmt: skip
ROOMS = (
    "Boiler room", "Server room", "Store", "Office", "Archive", "Kitchen", "Plant room",
    "Laundry", "Workshop", "Meeting room", "Roof access", "Meter cupboard", "Bin store",
    "Bicycle cellar", "Caretaker", "Reception", "Flat", "Laboratory", "Garage", "Lift motor",
)  # fmt: skip
PURPOSES = (
    "Yearly inspection of the lift", "Tenant moves in", "Water leak on the third floor",
    "Meter reading", "Viewing with two parties", "Key was forgotten at home", "Fire drill",
    "Painting after water damage", "Stands in for a colleague on leave", "Contract cleaning",
)  # fmt: skip
NOTES = (
    "Turns stiffly, pull the door while turning", "Tag is coming loose", "Door now opens inwards",
    "Left with the night watch first", "Ring was bent, straightened", "Please oil the cylinder",
)  # fmt: skip
