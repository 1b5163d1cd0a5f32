"""`kg explain`: why a claim was read, step by step."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kg.cli.show import claim_reading, marked
from kg.extract.explanation import Actor, Edge, Explanation, Step
from kg.model import Polarity

SIEVES = {
    "gazetteer": "its name is in the gazetteer",
    "stands for": "the gazetteer has it as a name that stands for a state",
    "capital": "a capital's name, which stands for its state here",
    "state": "the name of a state",
    "people": "the name of a people",
    "place": "the name of a known place",
    "name": "a name",
    "nominal": "a description, of a thing of its own",
    "apposition": "stands beside the name",
    "definite": "points back, by its noun, to",
    "same words": "the same words as before:",
    "stands for state": "a government, which stands for its state",
    "set": "stands for several things named before, among them",
    "link": "the learned reader links it to",
    "pronoun": "a pronoun; the likeliest thing before it is",
    "plural pronoun": "a pronoun for those of the last list, among them",
    "relative": "a relative pronoun, for",
    "reciprocal": "for each of those that act together, among them",
    "speaker": "I or we in a quotation; the speaker, or whom the speaker speaks for, is",
}
CONSTRUCTIONS = {
    "act": "the act itself",
    "clause": "it stands in a clause of",
    "infinitive": "it is an infinitive of",
    "object": "it is the object of",
    "subject": "it is the subject of",
    "attribute": "it is said of the subject of",
    "adverbial": "it stands in an adverbial clause of",
    "relative": "it stands in a relative clause of",
    "part": "it is a part of the phrase of",
    "list": "it is listed with",
    "other": "it hangs on",
    "question": "the sentence is a question",
    "to be": "an infinitive heads the sentence",
    "beside": "a source stands beside its clause:",
    "lasting": "a lasting state, which a noun takes for granted:",
    "unclaimed duty": "must or unless, and nobody demands it",
    "hearsay": "hearsay, and nobody says it",
    "reader": "the learned reader's word",
}


def explain(explanation: Explanation, console: Console) -> None:
    """Print why a claim was read."""
    _Page(explanation, console).print()


class _Page:
    def __init__(self, explanation: Explanation, console: Console) -> None:
        self.it, self.console = explanation, console

    def print(self) -> None:
        """The whole explanation."""
        it, claim = self.it, self.it.now or self.it.claim
        self.console.print(Text(claim_reading(claim), style="bold"))
        facts = (f"claim {it.claim.id}", str(claim.modality), str(claim.polarity), f"confidence {claim.confidence:.2f}")
        self.console.print(Text(" · ".join(facts), style="dim"))
        for note in it.notes:
            self.console.print(Text(note, style="yellow"))
        self.console.print()
        self.console.print(marked(claim))
        if it.now is not None:
            self._who()
            self._lexicon()
            self._reader()
            self._decision()
            self._mood()
            self._voices()
            self._details()
        if it.others:
            self._heading(f"Also read in this sentence ({len(it.others)})")
            self._rows([[claim_reading(other), f"{other.confidence:.2f}", other.id] for other in it.others])

    def _heading(self, text: str) -> None:
        self.console.print()
        self.console.print(Text(text, style="bold cyan"))

    def _rows(self, rows: Iterable[Sequence[str]]) -> None:
        """Rows under each other, the first column apart; one line each, with tabs, where the output is no terminal."""
        listed = [list(row) for row in rows]
        if not self.console.is_terminal:
            for row in listed:
                self.console.print(Text("    " + "\t".join(row).rstrip()))
            return
        grid = Table.grid(padding=(0, 2, 0, 0))
        for number in range(max(map(len, listed), default=0)):
            grid.add_column(style="dim" if number == 0 and len(listed[0]) == 2 else "", overflow="fold")
        for row in listed:
            grid.add_row(*map(Text, row))
        self.console.print(Padding(grid, (0, 0, 0, 4)))

    def _who(self) -> None:
        self._heading("Who, and how they hang together")
        rows = [("trigger", f"“{(self.it.now or self.it.claim).trigger.text}”")]
        for actor in self.it.actors:
            rows.append((actor.role, f"“{actor.words.text}” is {actor.entity.label}, {actor.entity.type} ({actor.entity.id})"))
            rows.append(("", _because(actor)))
            role = f"   its role: {actor.fills}" if actor.fills else ""
            rows.append(("", f"path: {_path((self.it.now or self.it.claim).trigger.text, actor.path)}{role}"))
        self._rows(rows)

    def _lexicon(self) -> None:
        self._heading("What the lexicon says")
        found = self.it.lexical
        if found is None:
            self._rows([("no entry", "the lexicon does not see this relation here")])
            return
        frame = found.frame
        if frame is None:
            what = "a title or apposition tells of the office" if found.entry.startswith("title:") else "its entry does not show again"
            self._rows([("entry", f"{found.entry}: {what}"), ("sure", f"{found.sure:.2f}")])
            return
        rows = [
            ("predicate", f"{found.part} “{found.lemma}”{', passive' if found.passive else ''}"),
            ("roles", "; ".join(f"{role}: {', '.join(words)}" for role, words in found.roles.items())),
            ("frame", f"{frame.relation}: {' or '.join(frame.subject)} does it"
                      + (f" to {' or '.join(frame.object)}" if frame.object else "")),
            *((name, "; ".join(f"{role}: {', '.join(words) or 'anything'}" for role, words in kept.items()))
              for name, kept in (("needs", frame.needs), ("unless", frame.unless)) if kept),
            ("example", frame.example),
            ("sure", f"{frame.sure:.2f}"),
            ("file", f"ontology/lexicon/{frame.file}"),
        ]
        self._rows([row for row in rows if row[1]])

    def _reader(self) -> None:
        self._heading("What the learned reader says of the pair")
        found = self.it.learned
        if found is None:
            self._rows([("nothing", "there is no reader, or it did not look at the pair")])
            return
        relation = (self.it.now or self.it.claim).relation
        self._rows([
            ("this relation", f"{found.relation:.3f}  {relation}"),
            ("any relation", f"{found.any:.3f}"),
            ("likeliest", _listed(found.relations)),
            ("modality", _listed(found.modalities)),
            ("negated", f"{found.negative:.3f}"),
            ("trigger", f"“{found.trigger}”"),
        ])

    def _decision(self) -> None:
        confidence, total = (self.it.now or self.it.claim).confidence, sum(weighed.adds for weighed in self.it.decision)
        self._heading("The decision")
        self._rows([
            *((w.feature, f"{w.value:7.3f} × {w.weight:7.3f}", f"{w.adds:+7.3f}") for w in self.it.decision),
            ("together", "", f"{total:+7.3f}  gives {confidence:.3f}; claims are made from {self.it.threshold:.2f} on"),
        ])

    def _mood(self) -> None:
        self._heading("Modality and polarity, from the act outwards")
        self._rows([(_construction(step), step.words, _mood(step)) for step in self.it.steps])

    def _voices(self) -> None:
        self._heading("Who says so, outermost first")
        said = [(f"“{voice.source.text}”", f"{voice.source.entity.label} ({voice.source.entity.id})",
                 "speaks in the quotation" if voice.quoted else f"by “{voice.words}”") for voice in self.it.voices]
        self._rows(said or [("nobody", "the article itself says so")])

    def _details(self) -> None:
        if self.it.details:
            self._heading("Time, place, quantity")
            self._rows([(detail.what, f"“{detail.words.text}”: {detail.value}"
                         + (f"   in: {' '.join(detail.sentence.split())}" if detail.sentence else "")) for detail in self.it.details])


def _because(actor: Actor) -> str:
    """How words got their entity."""
    why = SIEVES.get(actor.how, actor.how)
    back = f" “{actor.antecedent.text}”" if actor.antecedent else ""
    if actor.how == "name":
        back = f", named before as{back}" if back else ", first met here"
    elif actor.how == "capital":
        back = ""
    sure = f" with probability {actor.probability:.2f}" if actor.probability is not None else ""
    return f"{why}{back}{sure}"


def _path(trigger: str, path: Sequence[Edge]) -> str:
    return trigger + "".join(f" ←{edge.label}– {edge.word}" if edge.up else f" –{edge.label}→ {edge.word}" for edge in path)


def _construction(step: Step) -> str:
    name, _, preposition = step.construction.partition(" ")
    if name == "governed":
        return f"it stands with “{preposition}” under"
    return CONSTRUCTIONS.get(step.construction, step.construction)


def _mood(step: Step) -> str:
    return f"{step.modality}{', denied' if step.polarity is Polarity.NEGATIVE else ''}"


def _listed(probabilities: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in probabilities.items())
