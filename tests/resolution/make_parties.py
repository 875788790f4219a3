"""Invented parties with the truth: who is who.

    python make_parties.py --entities 20000 --seed 1 --out parties.csv

writes `parties.csv` (one filing per row: shipper name, address, city, state, country, taxpayer code) and `parties.csv.truth` (the entity
of each row, in order). The same seed gives the same bytes. Nothing in it is real: names are drawn from syllables and words of trade,
numbers are drawn, and the towns are towns.

What makes it hard, as in filings: typing mistakes, swapped and dropped words, legal forms left out or written in many ways, names
cut short, addresses without a city or a number, codes missing four times out of five. And look-alike strangers: a quarter of the
entities copy another's name and change one word, one numeral or the place; persons share common names; firms share the address of an agent.
"""

import argparse
import random

SYLLABLES = "ba be bi bo ca ce co cu da de di do fa fe fi ga go ha he hi ja jo ka ke ko la le li lo lu ma me mi mo na ne ni no pa pe pi po qui ra re ri ro ru sa se si so ta te ti to tu va ve vi vo xa ya yo za zo".split()
ENDS = ["", "n", "s", "r", "l", "z", "x", ""]
TRADE = {
    "MX": ["MADERAS", "MARISCOS", "COMERCIALIZADORA", "PRODUCTOS", "EXPORTADORA", "PESQUERA", "ACUICOLA", "DISTRIBUIDORA",
           "ASERRADERO", "EMPACADORA", "AGROPECUARIA", "GRUPO", "INDUSTRIAS"],
    "US": ["TRADING", "SEAFOOD", "LUMBER", "IMPORTS", "FOODS", "SUPPLY", "WHOLESALE", "DISTRIBUTORS", "GROUP", "INTERNATIONAL"],
    "CN": ["TRADING", "WOOD", "FURNITURE", "IMPORT EXPORT", "INDUSTRY", "FOODS", "HANDICRAFT", "PLYWOOD"],
    "PE": ["EXPORTADORA", "MADERERA", "PESQUERA", "INVERSIONES", "COMERCIAL", "NEGOCIOS"],
}
PLACES = {
    "MX": ["DEL NORTE", "DEL SUR", "DEL GOLFO", "DEL PACIFICO", "DE SONORA", "DE SINALOA", "DEL YAQUI", "DE OCCIDENTE"],
    "US": ["PACIFIC", "ATLANTIC", "GOLF", "COASTAL", "SOUTHERN", "NORTHERN", "GOLDEN", "AMERICAN"],
    "CN": ["GOLDEN", "EASTERN", "OCEAN", "DRAGON", "HAIDA", "SUNRISE"],
    "PE": ["DEL PERU", "DE LA SELVA", "DEL ORIENTE", "DEL PACIFICO"],
}
FORMS = {
    "MX": [["SA DE CV", "S.A. DE C.V.", "S A DE C V", "SADECV"], ["S DE RL DE CV", "S. DE R.L. DE C.V.", "S DE R L DE C V"],
           ["SPR DE RL", "S.P.R. DE R.L."], ["SC DE RL", "S.C. DE R.L."]],
    "US": [["INC", "INC.", "INCORPORATED"], ["LLC", "L.L.C.", "L L C"], ["CORP", "CORPORATION", "CORP."], ["CO", "COMPANY"]],
    "CN": [["CO LTD", "CO., LTD.", "COMPANY LIMITED", "CO.,LTD"], ["LTD", "LIMITED", "LTD."]],
    "PE": [["SAC", "S.A.C."], ["EIRL", "E.I.R.L."], ["SRL", "S.R.L."], ["SA", "S.A."]],
}
CITIES = {
    "MX": [("HERMOSILLO", "SONORA"), ("GUAYMAS", "SONORA"), ("TIJUANA", "BAJA CALIFORNIA"), ("ENSENADA", "BAJA CALIFORNIA"),
           ("MAZATLAN", "SINALOA"), ("CULIACAN", "SINALOA"), ("MERIDA", "YUCATAN"), ("CHETUMAL", "QUINTANA ROO"), ("MONTERREY", "NUEVO LEON")],
    "US": [("LAREDO", "TX"), ("HOUSTON", "TX"), ("SAN DIEGO", "CA"), ("LOS ANGELES", "CA"), ("MIAMI", "FL"), ("NOGALES", "AZ"), ("NEWARK", "NJ")],
    "CN": [("XIAMEN", "FUJIAN"), ("QINGDAO", "SHANDONG"), ("DALIAN", "LIAONING"), ("SHANGHAI", "SHANGHAI"), ("NINGBO", "ZHEJIANG")],
    "PE": [("LIMA", "LIMA"), ("PUCALLPA", "UCAYALI"), ("IQUITOS", "LORETO"), ("PAITA", "PIURA")],
}
STREETS = {
    "MX": ["CALLE", "AV.", "AVENIDA", "BLVD.", "CARRETERA"],
    "US": ["STREET", "AVENUE", "ROAD", "BLVD", "DRIVE"],
    "CN": ["ROAD", "STREET", "INDUSTRIAL ZONE", "AVENUE"],
    "PE": ["JR.", "AV.", "CALLE"],
}
FIRST = ["JUAN", "MARIA", "JOSE", "ANA", "LUIS", "CARLOS", "ROSA", "PEDRO", "LAURA", "MIGUEL", "JOHN", "LINDA"]
LAST = ["MUESTRA", "EJEMPLO", "SAMPLE", "PRUEBA", "MODELO", "ENSAYO", "MUESTREO", "EXEMPLAR", "BEISPIEL", "PATRON", "TIPO", "NORMA"]
SHORT = {"COMERCIALIZADORA": "COMERC", "INTERNATIONAL": "INTL", "PRODUCTOS": "PROD", "DISTRIBUIDORA": "DIST", "INDUSTRIAS": "IND",
         "IMPORTS": "IMP", "TRADING": "TRDG", "AVENIDA": "AV", "STREET": "ST", "AVENUE": "AVE", "ROAD": "RD"}


def word(draw, least=2, most=3):
    return ("".join(draw.choice(SYLLABLES) for _ in range(draw.randint(least, most))) + draw.choice(ENDS)).upper()


class Makers:
    def __init__(self, seed, n_entities):
        self.draw = random.Random(seed)
        self.words = [word(self.draw) for _ in range(max(400, n_entities // 4))]
        self.streets = [word(self.draw) for _ in range(300)]
        self.agents = [self.address(country) for country in ("US", "US", "MX", "CN") for _ in range(max(1, n_entities // 4000))]
        self.n_codes = 0

    def address(self, country):
        draw = self.draw
        city, state = draw.choice(CITIES[country])
        street = " ".join(draw.choice(self.streets) for _ in range(draw.choice([1, 1, 2])))
        return {"kind": draw.choice(STREETS[country]), "street": street, "number": str(draw.randint(1, 9999)),
                "unit": str(draw.randint(1, 40)) if draw.random() < 0.15 else "", "postal": f"{draw.randint(10000, 99999)}",
                "city": city, "state": state}

    def code(self, is_person):
        self.n_codes += 1
        draw = self.draw
        letters = "".join(draw.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(4 if is_person else 3))
        return f"{letters}{draw.randint(70, 99):02}{draw.randint(1, 12):02}{draw.randint(1, 28):02}{self.n_codes % 1000:03}"

    def entity(self, earlier):
        draw = self.draw
        if draw.random() < 0.06:
            country = draw.choice(["MX", "US"])
            words = [draw.choice(FIRST), draw.choice(LAST), draw.choice(LAST)]
            return self.finish(words, country, None, True)
        if earlier and draw.random() < 0.25:
            model = draw.choice(earlier)
            if model["form"] is not None:
                return self.stranger(model)
        country = draw.choices(["MX", "US", "CN", "PE"], [45, 30, 15, 10])[0]
        words = [draw.choice(TRADE[country]), draw.choice(self.words)]
        kind = draw.random()
        if kind < 0.35:
            words.append(draw.choice(PLACES[country]))
        elif kind < 0.6:
            words.append(draw.choice(self.words))
        if country != "MX" and draw.random() < 0.6:
            words = words[1:] + words[:1]
        return self.finish(words, country, draw.choice(FORMS[country]), False)

    def stranger(self, model):
        """Another firm, whose name is nearly that of the model."""
        draw = self.draw
        words, country, form = list(model["words"]), model["country"], model["form"]
        kind = draw.random()
        if kind < 0.35:
            place = draw.randrange(len(words))
            words[place] = draw.choice(self.words)
        elif kind < 0.6:
            words = [part for part in words if part not in PLACES[country]] + [draw.choice(PLACES[country])]
        elif kind < 0.75:
            words.append(draw.choice(["II", "2", "3", "NUEVO", "HERMANOS"]))
        elif kind < 0.9:
            form = draw.choice([other for other in FORMS[country] if other is not form] or [form])
            words = [draw.choice(TRADE[country])] + words[1:]
        else:
            # The son's letter: one letter of a long word is another.
            place = max(range(len(words)), key=lambda at: len(words[at]))
            at = draw.randrange(len(words[place]))
            words[place] = words[place][:at] + draw.choice("AEIOU") + words[place][at + 1:]
        return self.finish(words, country, form, False)

    def finish(self, words, country, form, is_person):
        draw = self.draw
        address = draw.choice(self.agents) if draw.random() < 0.03 else self.address(country)
        # A registered agent stands where it stands: the firm's country is its own.
        sites = [address] + ([self.address(country)] if draw.random() < 0.06 else [])
        code = self.code(is_person) if country == "MX" and draw.random() < 0.7 else ""
        return {"words": words, "country": country, "form": form, "sites": sites, "code": code, "is_person": is_person,
                "variants": draw.choice([1, 1, 2, 2, 3, 4, 6, 10])}

    def typo(self, text):
        draw = self.draw
        letters = [place for place, letter in enumerate(text) if letter.isalpha()]
        if len(letters) < 4:
            return text
        place = draw.choice(letters)
        kind = draw.randrange(4)
        if kind == 0:
            return text[:place] + text[place + 1:]
        if kind == 1:
            return text[:place] + draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") + text[place + 1:]
        if kind == 2:
            return text[:place] + text[place] + text[place:]
        return text[:place] + text[place:place + 2][::-1] + text[place + 2:]

    def name(self, entity):
        draw = self.draw
        words = " ".join(entity["words"]).split(" ")
        if draw.random() < 0.12:
            words = [SHORT.get(part, part) for part in words]
        if len(words) > 2 and draw.random() < 0.05:
            place = draw.randrange(len(words) - 1)
            words[place], words[place + 1] = words[place + 1], words[place]
        if len(words) > 2 and draw.random() < 0.04:
            words.pop(draw.randrange(len(words)))
        name = " ".join(words)
        if draw.random() < 0.03:
            name = name.replace(" ", "", 1)
        if draw.random() < 0.18:
            name = self.typo(name)
        if draw.random() < 0.03:
            name = self.typo(name)
        if entity["form"] and draw.random() > 0.15:
            name += draw.choice([" ", " ", ", "]) + draw.choice(entity["form"])
        if draw.random() < 0.02:
            name = name[:35].strip()
        return name

    def place(self, entity):
        draw = self.draw
        site = draw.choice(entity["sites"])
        if draw.random() < 0.12:
            return "", "", ""
        kind = SHORT.get(site["kind"], site["kind"]) if draw.random() < 0.3 else site["kind"]
        number = site["number"]
        if draw.random() < 0.03:
            number = str(draw.randint(1, 9999))
        street = site["street"]
        if draw.random() < 0.12:
            street = self.typo(street)
        sign = draw.choice(["", "", "NO. ", "#"])
        is_after = entity["country"] in ("MX", "PE")
        line = f"{kind} {street} {sign}{number}" if is_after else f"{number} {street} {kind}"
        if draw.random() < 0.05:
            line = f"{kind} {street}"
        if site["unit"] and draw.random() < 0.7:
            line += draw.choice([" INT ", " SUITE ", " LOCAL "]) + site["unit"]
        if draw.random() < 0.5:
            line += ", " + draw.choice(["CP ", ""]) + site["postal"]
        city = site["city"] if draw.random() > 0.1 else ""
        state = site["state"] if draw.random() > 0.25 else ""
        return line, city, state


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--entities", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    makers = Makers(args.seed, args.entities)
    draw = makers.draw
    earlier = []
    rows = []
    for number in range(args.entities):
        entity = makers.entity(earlier)
        if len(earlier) < 5000:
            earlier.append(entity)
        else:
            earlier[draw.randrange(5000)] = entity
        for _ in range(entity["variants"]):
            line, city, state = makers.place(entity)
            code = entity["code"] if draw.random() < 0.2 else ""
            rows.append((makers.name(entity), line, city, state, entity["country"] if draw.random() > 0.05 else "", code, number))
    draw.shuffle(rows)
    quote = lambda text: '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text
    with open(args.out, "w", encoding="utf-8") as file, open(args.out + ".truth", "w", encoding="utf-8") as truth:
        file.write("shipper_name,shipper_address,shipper_city,shipper_state,shipper_country,exporter_rfc\n")
        for row in rows:
            file.write(",".join(quote(cell) for cell in row[:6]) + "\n")
            truth.write(f"{row[6]}\n")


main()
