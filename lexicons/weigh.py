#!/usr/bin/env python3
"""Weighs turns: writes lexicons/fr/turns/turns.tsv from labelled posts.

A turn is a word or two neighbours, with the name of a group as {G} and a slur as {S}, so that no group weighs more than another. Their
weights are those of a logistic regression over posts that name people, beside the sum of their clues, whose points stay as they are: a weight
divided by that of one such point, rounded, is the number of points of the turn. The heaviest KEEP are written.

Needs scikit-learn (pip install scikit-learn==1.9.*) and a built vigie; takes a minute.

  lexicons/weigh.py --vigie target/release/vigie POSTS.csv … [--ordinary TEXT.txt …]

POSTS.csv has the columns text and label, the label flag or hateful for what a person should see; or pairs in the columns hate and innocent.
TEXT.txt has an ordinary sentence a line, none of which should be flagged. The sentences that entries of the bundle must not match are read
from the bundle.
Which posts stand behind the committed table, and how well it does on others: docs/quality.md.
"""

import argparse
import collections
import csv
import json
import pathlib
import re
import subprocess
import tomllib

import numpy
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

ROOT = pathlib.Path(__file__).resolve().parent
PEOPLE = ("{G}", "{S}")
FLAGGED = ("flag", "hateful")
KEEP = 6000
"""Turns in the table: half as many find a little less, half as many again no more."""
RARE = 3
"""Labelled posts that hold a turn at least."""
PENALTY = 0.3
"""C of the regression."""
CLUES = 0.1
"""The sum of clues is small beside ones and noughts, so that the penalty is the same for both."""
ORDINARY = 5
"""How often an ordinary sentence counts: a platform sees a thousand of them for each post of a round."""
SETTLED = 0.1
"""How much a post counts that a frame flags rightly or a stance blocks: turns are for the others."""
SLOTS = {"pl": "Suisses", "sg": "Suisse", "m.pl": "Suisses", "m.sg": "Suisse", "f.pl": "Suissesses", "f.sg": "Suissesse"}
"""A group in examples with a slot."""

HEAD = """\
# Tournures pesées : points, puis un mot ou deux voisins ; {G} tient lieu du nom d'un groupe, {S} d'une injure.
# Écrit par lexicons/weigh.py : ne pas corriger à la main, mais ajouter des messages étiquetés et peser à nouveau.
"""


def labelled(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if "innocent" in rows[0]:
        return [(row[column], column == "hate") for row in rows for column in ("hate", "innocent")]
    return [(row["text"], row["label"] in FLAGGED) for row in rows]


def ordinary(path):
    return [(line.strip(), False) for line in open(path, encoding="utf-8") if line.strip()]


def innocent_examples(bundle):
    """What entries must not match, with a group in each slot."""

    def fill(match):
        *before, slot = match[1].split()
        return " ".join([*before, SLOTS[slot]]) if slot in SLOTS else match[0]

    for path in sorted(bundle.rglob("*.toml")):
        for entries in tomllib.loads(path.read_text(encoding="utf-8")).values():
            for entry in entries if isinstance(entries, list) else []:
                for example in entry.get("must_not_match", []):
                    text = re.sub(r"\{([^}]*)\}", fill, example).replace("[", "").replace("]", "")
                    yield re.sub(r"\bde les\b", "des", re.sub(r"\bà les\b", "aux", text)), False


def seen(vigie, bundle, posts):
    """What vigie saw of each post: its number, its label, its words, the sum of its clues as the classifier adds them up, whether turns have a say."""
    lines = "".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, (text, _) in enumerate(posts) if text.strip())
    command = [vigie, "scan", "-", "--input", "jsonl", "--all", "--lexicons", bundle]
    out = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    for row in map(json.loads, out.splitlines()):
        number = int(row["id"])
        flagged = posts[number][1]
        framed = row["flagged"] and not any("clues" in finding for finding in row["findings"])
        yield number, flagged, row["words"], clue_sum(row["clues"]), not (framed and flagged or row["suppressed"])


def clue_sum(clues):
    """Of the clues for hate that the same words give, the heaviest counts."""
    clues = [c for c in clues if ".turn." not in c["entry"]]
    against = sum(c["points"] for c in clues if c["points"] < 0)
    heaviest = collections.defaultdict(int)
    for clue in clues:
        place = (clue["span"]["byte_start"], clue["span"]["byte_end"])
        heaviest[place] = max(heaviest[place], clue["points"])
    return against + sum(heaviest.values())


def turns(words):
    pairs = (f"{a} {b}" for a, b in zip(words, words[1:]) if not {a, b} <= set(PEOPLE))
    return {*words, *pairs} - set(PEOPLE)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posts", nargs="+", help="CSV files of labelled posts")
    parser.add_argument("--vigie", required=True, help="the command")
    parser.add_argument("--lexicons", default=ROOT / "fr", type=pathlib.Path, help="the bundle")
    parser.add_argument("--ordinary", nargs="*", default=[], help="text files, a sentence a line")
    args = parser.parse_args()

    posts = [post for path in args.posts for post in labelled(path)]
    counted = len(posts)
    posts += innocent_examples(args.lexicons)
    common = len(posts)
    posts += [post for path in args.ordinary for post in ordinary(path)]
    rows = [row for row in seen(args.vigie, args.lexicons, posts) if set(PEOPLE) & set(row[2])]

    of = [turns(words) for _, _, words, _, _ in rows]
    count = collections.Counter(turn for (number, *_), held in zip(rows, of) if number < counted for turn in held)
    column = {turn: n for n, turn in enumerate(sorted(t for t in count if count[t] >= RARE))}
    places = [(n, column[turn]) for n, held in enumerate(of) for turn in held if turn in column]
    ones = csr_matrix((numpy.ones(len(places)), tuple(zip(*places))), shape=(len(rows), len(column)))
    clues = csr_matrix([[total * CLUES] for _, _, _, total, _ in rows])
    model = LogisticRegression(C=PENALTY, solver="liblinear", intercept_scaling=3, max_iter=3000)
    times = [ORDINARY if number >= common else 1 if open_ else SETTLED for number, _, _, _, open_ in rows]
    model.fit(hstack([ones, clues]).tocsr(), [flagged for _, flagged, _, _, _ in rows], sample_weight=times)

    point = model.coef_[0][-1] * CLUES
    weights = model.coef_[0][:-1] / point
    heaviest = sorted(column, key=lambda turn: -abs(weights[column[turn]]))[:KEEP]
    points = {turn: max(-9, min(9, round(weights[column[turn]]))) for turn in heaviest}
    table = args.lexicons / "turns" / "turns.tsv"
    table.write_text(HEAD + "".join(f"{points[turn]}\t{turn}\n" for turn in sorted(points) if points[turn]), encoding="utf-8")
    print(f"{sum(map(bool, points.values()))} turns of {len(rows)} posts; as likely hate as not at {-model.intercept_[0] / point:.1f} points")


if __name__ == "__main__":
    main()
