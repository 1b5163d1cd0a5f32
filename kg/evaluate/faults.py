"""Faults: what went wrong with each claim that was missed, and each that is false."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from kg.evaluate.gold import Gold, GoldClaim
from kg.evaluate.scoring import Claims, Stated, agrees, names_called, names_of, normal, state_names, stated
from kg.model import Considered, Frozen, Modality, Polarity
from kg.ontology import ontology

Called = Mapping[str, set[str]]
States = Mapping[str, set[str]]


class Cause(StrEnum):
    """Why a claim was missed (the first seven), or is false."""

    NO_MENTION = "mention not found"
    COREFERENCE = "wrong entity, or coreference"
    OTHER_RELATION = "pair seen with another relation"
    TURNED = "direction"
    UNSURE = "below the threshold"
    UNFIT = "an entity of the wrong type"
    UNSEEN = "nothing seen"
    FALSE_TRAP = "a trap"
    FALSE_TURNED = "direction of an annotated claim"
    FALSE_RELATION = "wrong relation"
    FALSE_ENTITY = "wrong entity"
    FALSE_NEW = "not annotated"

    @property
    def false(self) -> bool:
        """Whether it is a cause of false claims, not of misses."""
        return self.name.startswith("FALSE_")


class Fault(Frozen):
    """One claim that was missed or is false: what it is, in which sentence, and what was seen instead."""

    document: str
    cause: Cause
    claim: str
    detail: str = ""
    sentence: str = ""


def faults(claims: Claims, gold: Iterable[Gold], *, seen: Mapping[str, Sequence[Considered]], threshold: float) -> tuple[Fault, ...]:
    """What went wrong, in the order of the files: the required claims that `score` counts as missed, and the triples that it
    counts as false. `seen` is what the extractor weighed in each document, by name."""
    told = {document: stated(found) for document, found in claims.items()}
    states = state_names(one for found in told.values() for one in found)
    return tuple(
        fault
        for file in gold
        for fault in _File(file, told.get(file.document, []), seen.get(file.document, ()), states, threshold).faults()
    )


class _File:
    """One gold file, with what was claimed and weighed of its document."""

    def __init__(self, gold: Gold, mine: Sequence[Stated], seen: Sequence[Considered], states: States, threshold: float) -> None:
        self.gold, self.mine, self.seen, self.states, self.threshold = gold, mine, seen, states, threshold
        self.called: Called = names_called(gold)

    def faults(self) -> Iterator[Fault]:
        matched: set[tuple[str | None, str, str | None]] = set()
        for wanted in self.gold.claims:
            hits = [one for one in self.mine if self._agrees(one, wanted)]
            matched.update(one.triple for one in hits)
            if wanted.required and not hits:
                cause, detail = self._missed(wanted)
                whole = [one.sentence.text for one in self.seen if wanted.sentence and _same(one.sentence.text, wanted.sentence)]
                yield self._fault(cause, _told(wanted), detail, whole[0] if whole else wanted.sentence)
        for one in {one.triple: one for one in reversed(self.mine) if one.triple not in matched}.values():
            cause, detail = self._false(one)
            but = "" if one.claim.modality is Modality.ASSERTED else f" ({one.claim.modality})"
            yield self._fault(cause, f"{_reading(one)}{but} {one.claim.confidence:.2f}", detail, one.claim.sentence.text)

    def _fault(self, cause: Cause, claim: str, detail: str, sentence: str) -> Fault:
        return Fault(document=self.gold.document, cause=cause, claim=claim, detail=detail, sentence=" ".join(sentence.split()))

    def _agrees(self, one: Stated, wanted: GoldClaim) -> bool:
        return agrees(one, wanted, {wanted.r, *wanted.also}, self.called, self.states)

    # ---- missed ---------------------------------------------------------------------------------------------------

    def _missed(self, wanted: GoldClaim) -> tuple[Cause, str]:
        """Where the way to a claim ended: at the decision, before it, or at the mentions."""
        here = [one for one in self.seen if _same(one.sentence.text, wanted.sentence)]
        weighed = [one for considered in here for one in stated(considered.claims)]
        exact = max((one.claim.confidence for one in weighed if self._agrees(one, wanted)), default=None)
        sure = f"; the right one had {exact:.2f}" if exact is not None else ""
        mine = [one for one in self.mine if _same(one.claim.sentence.text, wanted.sentence)]
        if wanted.o is not None:
            back = wanted.model_copy(update={"s": wanted.o, "o": wanted.s})
            if turned := [one for one in self.mine if self._agrees(one, back)]:
                return Cause.TURNED, f"seen as {_reading(turned[0])}{sure}"
        pairs = [one for one in mine if self._pair(one, wanted)]
        if pairs:
            return Cause.OTHER_RELATION, f"seen as {', '.join(sorted({one.relation for one in pairs}))}{sure}"
        if exact is not None and exact < self.threshold:
            return Cause.UNSURE, f"with {exact:.2f}"
        if exact is not None:
            return Cause.UNFIT, f"with {exact:.2f}"
        return self._unnamed(wanted, here, mine, weighed)

    def _unnamed(
        self, wanted: GoldClaim, here: Sequence[Considered], mine: Sequence[Stated], weighed: Sequence[Stated]
    ) -> tuple[Cause, str]:
        """A miss whose pair was never weighed: one of the two was not known for what it is, or there was no thought of it."""
        mentions = [mention for considered in here for mention in considered.mentions]
        named = set().union(*(names_of(mention, self.states) for mention in mentions))
        missing = [name for name in (wanted.s, wanted.o) if name and not named & self.called[name]]
        near = [*mine, *sorted(weighed, key=lambda one: -one.claim.confidence)]
        likely = next((one for one in near if one.relation in (wanted.r, *wanted.also) and self._ends(one, wanted)), None)
        if not missing:
            return (Cause.COREFERENCE, f"seen as {_reading(likely)} {likely.claim.confidence:.2f}") if likely else (Cause.UNSEEN, "")
        words = normal(" ".join(considered.sentence.text for considered in here))
        spelt = [name for name in missing if any(f" {called} " in f" {words} " for called in self.called[name] if called)]
        if spelt and likely is None:
            return Cause.NO_MENTION, f"{', '.join(spelt)} is there by name"
        instead = f"; seen as {_reading(likely)} {likely.claim.confidence:.2f}" if likely else ""
        return Cause.COREFERENCE, f"no words of the sentence are known to mean {' or '.join(missing)}{instead}"

    # ---- false ----------------------------------------------------------------------------------------------------

    def _false(self, one: Stated) -> tuple[Cause, str]:
        asserted = one.claim.modality in (Modality.ASSERTED, Modality.LIKELY) and one.claim.polarity is Polarity.POSITIVE
        for trap in self.gold.traps:
            if asserted and agrees(one, trap, {trap.r}, self.called, self.states):
                return Cause.FALSE_TRAP, _told(trap)
        turned = Stated(claim=one.claim, relation=one.relation, subject=one.object, object=one.subject)
        for wanted in self.gold.claims:
            if one.object is not None and self._agrees(turned, wanted):
                return Cause.FALSE_TURNED, f"annotated: {_told(wanted)}"
        here = [wanted for wanted in self.gold.claims if _same(one.claim.sentence.text, wanted.sentence)]
        if pair := [wanted for wanted in here if self._pair(one, wanted)]:
            return Cause.FALSE_RELATION, f"annotated: {', '.join(sorted({wanted.r for wanted in pair}))}"
        if near := [wanted for wanted in here if one.relation in (wanted.r, *wanted.also) and self._ends(one, wanted)]:
            return Cause.FALSE_ENTITY, f"annotated: {_told(near[0])}"
        return Cause.FALSE_NEW, ""

    # ---- pairs ----------------------------------------------------------------------------------------------------

    def _named(self, one: Stated) -> tuple[set[str], set[str]]:
        return names_of(one.subject, self.states), names_of(one.object, self.states)

    def _pair(self, one: Stated, wanted: GoldClaim) -> bool:
        """Whether a claim joins the pair of another, whichever way round."""
        if wanted.o is None:
            return bool(self._named(one)[0] & self.called[wanted.s])
        return any(
            a & self.called[wanted.s] and b & self.called[wanted.o] for a, b in (self._named(one), self._named(one)[::-1])
        )

    def _ends(self, one: Stated, wanted: GoldClaim) -> bool:
        """Whether a claim has the subject or the object of another, in its place."""
        ways = [self._named(one)]
        if ontology().relations[one.relation].symmetric:
            ways.append(ways[0][::-1])
        return any(a & self.called[wanted.s] or (wanted.o is not None and b & self.called[wanted.o]) for a, b in ways)


def _same(sentence: str, beginning: str) -> bool:
    """Whether a sentence is the one that begins so; annotations quote but the first words, and may leave some out before."""
    return not beginning or normal(beginning) in normal(sentence)


def _told(wanted: GoldClaim) -> str:
    return f"{wanted.s} --{wanted.r}--> {wanted.o or ''}".rstrip()


def _reading(one: Stated) -> str:
    return f"{one.subject.entity.label if one.subject else ''} --{one.relation}--> {one.object.entity.label if one.object else ''}".strip()
