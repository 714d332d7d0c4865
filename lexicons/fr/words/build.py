#!/usr/bin/env python3
"""Builds the word lists of this folder from their sources; run by hand, never by the build of Vigie.

usage: build.py HUNSPELL_DIR COUNTS ENGLISH
  HUNSPELL_DIR  folder that holds fr.dic and fr.aff (Debian package hunspell-fr-classical)
  COUNTS        "word count" per line, most frequent first (FrequencyWords fr_50k)
  ENGLISH       one word per line (Debian package wamerican-small)

The hand-written *.list files here are inputs too. Same inputs, same bytes out.
"""

import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
ORDER = "navpofsi"
WORD = re.compile(r"^[^\W\d_]+$")


def fold(word):
    word = word.lower().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def entries(name):
    """Words of a hand-written list with their parts of speech."""
    letters = "o" if name == "slang.list" else "p"
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("["):
            letters = line.strip("[]\n ")
            continue
        for word in line.split():
            yield word, letters


def insult_test():
    exact, prefixes = set(), []
    for line in (HERE / "insults.list").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            if line.endswith("*"):
                prefixes.append(line[:-1])
            else:
                exact.add(line)
    prefixes = tuple(prefixes)
    return lambda word: fold(word) in exact or fold(word).startswith(prefixes)


def parts_of_speech(tags):
    out = set()
    for tag in tags:
        key, _, value = tag.partition(":")
        if key == "po":
            if value == "nom":
                out.add("n")
            elif value in ("adj", "titr"):
                out.add("n" if value == "titr" else "a")
            elif value in ("npr", "prn", "patr"):
                out.add("p")
            elif value == "ppas":
                out.update("va")
            elif value.startswith("v") or value in (
                "infi", "ppre", "ipre", "iimp", "ipsi", "ifut", "cond", "spre", "simp", "impe"):
                out.add("v")
            elif value in ("1sg", "2sg", "3sg", "1pl", "2pl", "3pl", "1jsg"):
                pass
            elif value not in ("err", "sign", "ponc", "pfx", "sfx"):
                out.add("o")
        elif key == "is" and value == "pl":
            out.add("s")
    return out


def suffix_rules(aff):
    rules = defaultdict(list)
    for line in aff.read_text(encoding="utf-8").splitlines():
        part = line.split()
        if len(part) < 5 or part[0] != "SFX":
            continue
        _, flag, strip, add, condition, *tags = part
        add = "" if add.split("/")[0] == "0" else add.split("/")[0]
        strip = "" if strip == "0" else strip
        rules[flag].append((strip, add, re.compile(f"(?:{condition})$"), tags))
    return rules


def bookish(tags):
    """Imperfect subjunctive and simple past that posts do not use: a sixth of the forms."""
    return ("po:simp" in tags and "po:3sg" not in tags or "po:ipsi" in tags and bool({"po:1pl", "po:2pl"} & set(tags))) \
        and not {"po:ipre", "po:spre", "po:iimp", "po:ifut", "po:cond"} & set(tags)


def french(folder):
    rules = suffix_rules(folder / "fr.aff")
    out = defaultdict(set)
    for line in (folder / "fr.dic").read_text(encoding="utf-8").splitlines()[1:]:
        head, *tags = line.split()
        if "po:err" in tags:
            continue
        word, _, flags = head.partition("/")
        flags = [flags[i:i + 2] for i in range(0, len(flags), 2)]
        base = parts_of_speech(tags)
        if "{}" in flags:
            continue
        if "()" not in flags:
            out[word].update(base)
        for flag in flags:
            for strip, add, condition, more in rules.get(flag, ()):
                if bookish(more):
                    continue
                if condition.search(word) and word.endswith(strip):
                    form = word[:len(word) - len(strip)] + add
                    extra = parts_of_speech(more)
                    verb = "v" in base
                    out[form].update(extra - {"s"} if verb and extra - {"s"} else base | extra)
                    if "s" in extra:
                        out[form].add("s")
    return out


def write(name, licence, source, words):
    lines = [f"# licence: {licence}", f"# source: {source}"]
    lines += [f"{word}\t{pos or '-'}" + (f"\t{count}" if count else "") for word, pos, count in words]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(name, len(words), "words", (HERE / name).stat().st_size, "bytes")


def letters(pos):
    return "".join(c for c in ORDER if c in pos)


def main(hunspell, counts, english):
    insult = insult_test()
    frequency = []
    for line in Path(counts).read_text(encoding="utf-8").splitlines():
        word, count = line.rsplit(" ", 1)
        frequency.append((word.strip("'-"), int(count)))
    total = sum(c for _, c in frequency)
    per_100m = defaultdict(int)
    for word, count in frequency:
        if WORD.match(word):
            per_100m[word] += round(count * 100_000_000 / total)

    known = defaultdict(set)
    extra = defaultdict(set)
    for word, pos in french(Path(hunspell)).items():
        if WORD.match(word):
            known[word.lower()].update(pos)
        else:
            # A part of a compound that stands nowhere else: "prêchi-prêcha".
            for part in re.split(r"[-'’]", word):
                if WORD.match(part) and len(part) >= 3:
                    extra[part.lower()].add("o")
    for word, pos in extra.items():
        if word not in known:
            known[word] = pos
    for pos in known.values():
        if "s" in pos and not pos & set("na"):
            pos.discard("s")
    write("french.tsv", "MPL 2.0", "Dicollecte « Classique » 7.0, © Dicollecte contributors, paquet Debian hunspell-fr-classical, formes fléchies par build.py",
          [(w, letters(known[w]), 0) for w in sorted(known) if not insult(w)])
    write("counts.tsv", "CC BY-SA 4.0", "FrequencyWords fr_50k, Hermit Dave, d’après OpenSubtitles 2018, occurrences pour cent millions de mots",
          [(w, "", per_100m[w]) for w in sorted(per_100m) if not insult(w)])
    for name in ("slang", "names"):
        mine = defaultdict(set)
        for word, pos in entries(f"{name}.list"):
            mine[word.lower()].update(pos)
        write(f"{name}.tsv", "CC BY 4.0", f"liste écrite pour Vigie, {name}.list",
              [(w, letters(mine[w]), 0) for w in sorted(mine) if WORD.match(w) and not insult(w)])
    foreign = defaultdict(set)
    for line in Path(english).read_text(encoding="utf-8").splitlines():
        word = line.removesuffix("'s")
        if WORD.match(word) and len(word) >= 3 and word.lower() not in known:
            foreign[word.lower()].add("p" if word[0].isupper() else "f")
    write("english.tsv", "SCOWL (redistribution libre avec mention)", "SCOWL, © 2000-2018 Kevin Atkinson, paquet Debian wamerican-small",
          [(w, letters(foreign[w]), 0) for w in sorted(foreign) if not insult(w)])
    bad = {w for w in set(known) | set(per_100m) | set(foreign) if insult(w)}
    bad |= {line for line in (HERE / "insults.list").read_text(encoding="utf-8").splitlines() if WORD.match(line)}
    write("insults.tsv", "CC BY 4.0 ; effectifs CC BY-SA 4.0", "liste écrite pour Vigie, insults.list, effectifs de FrequencyWords fr_50k",
          [(w, "i" + letters(known.get(w, set())), per_100m.get(w, 0)) for w in sorted(bad)])


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
