"""The walk from the word that heads an act up through what governs it: what each construction does to the act's mood,
and who vouches for it."""

from spacy.tokens import Token

from kg.extract.arguments import PASSIVE, SUBJECTS, classes, passive
from kg.extract.moods import (
    OBJECTS,
    OPENERS,
    Mood,
    Words,
    conditional,
    finite,
    has,
    infinitive,
    lemma,
    modal,
    negated,
    own,
    phrasal,
    subject,
    verbal,
)
from kg.extract.parse import Sentence
from kg.extract.stance import Stance
from kg.extract.steps import Kind, Step, step
from kg.extract.voices import beside, dismissed, speakers
from kg.model import Modality

ASIDE = frozenset({",", "–", "—", "-", ")"})
DEFINITE = frozenset({"the", "this", "that", "these", "those"})


def stance(sentence: Sentence, trigger: Token, lexicon: Words) -> Stance:
    """What stands over the act that a token heads, with its sources in its own sentence."""
    return _Walk(sentence, trigger, lexicon).act


class _Walk:
    def __init__(self, sentence: Sentence, trigger: Token, lexicon: Words) -> None:
        self.act = Stance(lexicon)
        self._sentence = sentence
        self._trigger = trigger
        self._lexicon = lexicon
        self._climb(trigger)
        if not self.act.sources:
            self._beside()

    def _climb(self, token: Token) -> None:
        while token.pos_ in ("ADP", "ADV", "PART", "SCONJ") and token.head.i != token.i:
            token = token.head
        self.act.own(token)
        self.act.any(token)
        self.act.passed(token, "")
        while (found := step(token, self._lexicon)) is not None:
            self._take_step(token, found)
            token = found.upper
            self.act.passed(token, f"{found.kind.name.lower()} {found.preposition}".strip())
        if verbal(token):
            if any(t.text == "?" for t in self._sentence.span[-2:]):
                self.act.lay("hypothetical")
                self.act.passed(token, "question")
            elif infinitive(token) and subject(token):
                self.act.lay("planned")
                self.act.passed(token, "to be")

    def _take_step(self, lower: Token, found: Step) -> None:
        match found.kind:
            case Kind.CLAUSE:
                self._clause(lower, found.upper)
            case Kind.INFINITIVE:
                self._infinitive(lower, found.upper)
            case Kind.GOVERNED:
                self._governed(lower, found.upper, found.preposition)
            case Kind.OBJECT:
                self._object(lower, found.upper)
            case Kind.SUBJECT:
                self._subject(lower, found.upper)
            case Kind.ATTRIBUTE:
                self._attribute(lower, found.upper)
            case Kind.ADVERBIAL:
                self._adverbial(lower, found.upper)
            case Kind.RELATIVE:
                self._relative(lower, found.upper)
            case Kind.LIST:
                self._list(lower, found.upper)
            case Kind.PART:
                # *the Iran-backed group*, *Russia's ally*: told by the way, in the article's own voice
                self.act.silent |= lower.i == self._trigger.i and lower.dep_ != "appos"
                self.act.closed = True

    def _beside(self) -> None:
        """Takes in sources beside the act's clause, in the same relative clause or outside of any."""
        over = {self._trigger.i, *(t.i for t in self._trigger.ancestors)}
        island = _island(self._trigger)
        for token, found in beside(self._sentence, self._lexicon):
            denied = self.act.mood.negative and has(token, (), {"as"})
            if token.i not in over and found[0].i not in over and _island(token) == island and not denied:
                self.act.sources = found
                self.act.passed(token, "beside")
                return

    # ---- what each construction does ------------------------------------------------------------------------------

    def _clause(self, lower: Token, upper: Token) -> None:
        """*said that it attacked*, *the claim that it attacked*."""
        word, lists, reporting = lemma(upper), self._lexicon.lists, self._lexicon.reporting
        found = speakers(upper, self._lexicon) if word in reporting["verbs" if verbal(upper) else "nouns"] else []
        name = self._lexicon.mood("clause", word)
        if verbal(upper):
            denied = negated(upper, self._lexicon)
            asks = has(lower, ("mark",), {"if", "whether"})
            pronoun = any(c.dep_ in SUBJECTS | PASSIVE and c.pos_ == "PRON" for c in lower.children)
            if (
                ((asks or denied) and word not in reporting["opining"])
                or (pronoun and word in reporting["performing"])
                or (word in reporting["judging"] and not finite(lower) and lower.tag_ != "VB")
            ):
                found = []
            if denied and not name and word in lists["unconfirmed"]:
                name = "possible"
        elif holder := dismissed(upper, self._lexicon):
            # *rejects the charge: it did not attack*: what comes after the colon is their own word
            found, name = speakers(holder, self._lexicon), "" if upper.nbor(1).text == ":" else "negative"
        if name == "demanded":
            bare = not finite(lower) or (lower.tag_ == "VBP" and word not in lists["insisting"])
            name = name if bare or has(lower, ("aux",), {"should"}) else ""
        elif name in ("likely", "possible"):
            fact = word in lists["factual"] and lower.tag_ in ("VBD", "VBN")
            name = "" if fact or (found and word not in lists["doubting"]) else name
        if self.act.mood.modality is Modality.ASSERTED or name == "negative":
            self.act.lay(name)
        if verbal(upper) and word in lists["raising"] and negated(upper, self._lexicon):
            self.act.lay("negative")
        self.act.vouch(found)
        self.act.closed = True

    def _infinitive(self, lower: Token, upper: Token) -> None:
        """*agreed to send*, *a plan to send*, *stopped sending*."""
        word, lists, reporting = lemma(upper), self._lexicon.lists, self._lexicon.reporting
        if word in lists["presuming"] and lower.tag_ == "VBG":
            self.act.set(Mood(), last=True)
            return
        if phrasal(upper) in lists["renouncing"]:
            self._renounce(upper)
            return
        name = self._of_infinitive(lower, upper)
        denied = verbal(upper) and negated(upper, self._lexicon)
        if self.act.priced or (word in reporting["telling_infinitive"] and not denied):
            self.act.claim(upper)
        clause = upper if verbal(upper) else upper.head
        if name == "planned" and word in lists["expired"] and has(clause, ("aux",), {"had"}):
            # *had been due to leave*, but did not
            self.act.set(Mood(negative=True), last=True)
            return
        if word in reporting["threatening"] and self.act.mood.modality is Modality.HYPOTHETICAL:
            # *threatened to leave if they came*: the threat stands
            self.act.set(Mood(Modality.PLANNED, self.act.mood.negative))
        if not name or name == "actual":
            if word == "be" and has(upper, ("acomp", "attr")) and modal(upper):
                # *it would be wrong to leave*
                self.act.set(Mood(Modality.HYPOTHETICAL, self.act.mood.negative), last=True)
            if verbal(upper):
                self.act.own(upper)
            elif upper.head.i == upper.i and not any(verbal(t) and finite(t) for t in self._sentence.span):
                # a headline: *Putin to visit Hanoi*
                self.act.lay("planned")
            return
        if name == "likely" and passive(upper):
            self.act.vouch(speakers(upper, self._lexicon))
        if (name == "demanded" and word in reporting["demanding"]) or word in reporting["threatening"]:
            self.act.claim(upper)
        self.act.lay(name, negative=denied)
        self.act.condition(upper)

    def _of_infinitive(self, lower: Token, upper: Token) -> str:
        """What the word over an infinitive says of it."""
        word, lists = lemma(upper), self._lexicon.lists
        name = self._lexicon.mood("infinitive", word)
        if word in ("be", "have") and has(upper, (), {"yet"}) | has(lower, (), {"yet"}):
            return "negative"
        if word in ("be", "have") and infinitive(lower) and not has(upper, ("acomp", "attr", "dobj")):
            # *is to visit*, *has to visit*
            tensed = upper.tag_ in ("VBZ", "VBP") or (word == "be" and upper.tag_ == "VBD")
            return "planned" if tensed and (word == "have" or upper.pos_ == "AUX") else name
        if word in lists["wishing"] and (has(upper, OBJECTS) or has(lower, SUBJECTS)):
            return "demanded"
        if word in lists["permitting"] and (upper.tag_ in ("VBD", "VBN") or own(upper, self._lexicon) != Mood()):
            return ""
        if name == "likely" and verbal(upper) and not passive(upper) and word not in lists["seeming"]:
            return ""
        if not name and lower.dep_ == "advcl":
            # *signed a deal to create*, where the parse hangs the infinitive on the verb
            near = [c for c in upper.children if c.dep_ in OBJECTS | {"nsubjpass"}]
            near += [g for c in upper.children if c.dep_ == "prep" for g in c.children if g.dep_ == "pobj"]
            nouns = [lemma(c) for c in near if c.i < lower.i and c.pos_ == "NOUN"]
            return self._lexicon.mood("infinitive", *nouns)
        return name

    def _renounce(self, verb: Token) -> None:
        """What is ruled out is not to be; what is not ruled out may."""
        denied = negated(verb, self._lexicon)
        self.act.set(Mood(Modality.POSSIBLE) if denied else Mood(self.act.mood.modality, True))

    def _governed(self, lower: Token, upper: Token, preposition: str) -> None:
        """*accused of sending*, *called for the release*, *a series of attacks*."""
        lists, reporting = self._lexicon.lists, self._lexicon.reporting
        charging = reporting["charging"] | reporting["lawful"]
        if upper.dep_ == "dobj" and lower.tag_ == "VBG" and lemma(upper.head) in charging:
            # *accuse the bloc of serving*, where the parse hangs the gerund on the noun
            upper = upper.head
        word = lemma(upper)
        name = self._lexicon.mood("prepositional", f"{word} {preposition}", preposition)
        if f"{word} {preposition}" in reporting["telling_prepositional"] and not self.act.closed:
            self.act.claim(upper)
            self.act.lay(name)
            self.act.closed = True
        elif word in charging and preposition in ("of", "with", "for", "over") and not self.act.closed:
            self._charge(upper)
        elif name:
            if name == "demanded" and word in reporting["demanding"]:
                self.act.claim(upper)
            self.act.lay(name)
            self.act.condition(upper)
        elif (word in ("return", "exchange") and preposition == "for") or (
                word in classes()["shares"] and preposition in ("in", "for", "of")):
            # *in return for the prisoners*, *its part in the raid*: whatever happens to these, happens to the act
            return
        elif (word in classes()["carriers"] and preposition == "of") or (
            verbal(upper)
            and preposition in ("by", "in", "into", "on", "to")
            and (verbal(lower) or (word in classes()["partake"] and word not in lists["partaking"]))
        ):
            self.act.own(upper)
        else:
            known = lower.pos_ == "NOUN" and preposition in lists["presupposing"]
            self.act.silent |= known and not self.act.closed
            self.act.closed = True

    def _charge(self, word: Token) -> None:
        """Who accuses somebody of the act, or convicts for it, is its source."""
        found = speakers(word, self._lexicon)
        self.act.vouch(found)
        if not found and lemma(word) not in self._lexicon.reporting["lawful"] and passive(word):
            self.act.lay("possible" if lemma(word) == "suspect" else "likely")
        self.act.closed = True

    def _object(self, lower: Token, upper: Token) -> None:
        """*launched an attack*, *demanded a ceasefire*, *a visit is planned*."""
        before = self.act.closed
        self._act_as_object(lower, upper)
        if self.act.closed and not before and self.act.mood == Mood() and has(lower, ("poss",)):
            # *defended its invasion*: taken for granted
            self.act.silent = True

    def _act_as_object(self, lower: Token, upper: Token) -> None:
        word, lists, reporting = lemma(upper), self._lexicon.lists, self._lexicon.reporting
        verb = phrasal(upper)
        name = self._lexicon.mood("object", verb)
        denied = negated(upper, self._lexicon)
        direct = lower.i == self._trigger.i
        if lemma(lower) in lists["attempt"] and word in lists["foiling"]:
            name = "negative"
        if not verbal(upper) or (word == "deny" and direct and lemma(lower) in reporting["nouns"]):
            self.act.closed = True
        elif verb in lists["renouncing"]:
            self._renounce(upper)
        elif name == "negative":
            if word == "deny":
                self.act.claim(upper)
            self.act.set(Mood(Modality.ASSERTED if direct else self.act.mood.modality, not self.act.mood.negative))
            self.act.own(upper)
        elif name == "demanded" and (denied or self.act.mood.negative):
            # *sought no apology*
            self.act.set(Mood(negative=True), last=True)
        elif name:
            if (name == "demanded" and word in reporting["demanding"]) or word in reporting["telling_object"]:
                self.act.claim(upper)
            self.act.lay(name, negative=denied and not self.act.mood.negative)
            self.act.condition(upper)
        elif word in reporting["telling_object"] and not passive(upper):
            self.act.claim(upper)
            self.act.closed = True
        elif word in lists["presuming"]:
            self.act.silent |= not self.act.closed
            self.act.closed = True
        elif word in classes()["light"] or word in lists["occurrence"]:
            self.act.clausal(upper)
        else:
            self.act.closed = True

    def _subject(self, lower: Token, upper: Token) -> None:
        """*the attack began*, *a visit is possible*, *an attack would be a mistake*."""
        word, lists = lemma(upper), self._lexicon.lists
        told = [c for c in upper.children if c.dep_ in ("acomp", "attr", "xcomp")]
        known = has(lower, ("poss",)) or has(lower, ("det",), DEFINITE)
        occurs = word in lists["occurrence"]
        if lemma(lower) in lists["attempt"] and word in lists["failing"] and lower.i != self._trigger.i:
            self.act.set(Mood(negative=True), last=True)
        elif has(upper, ("aux",), {"would", "could", "might"}) and not known and (word == "be" or not occurs):
            self.act.set(Mood(Modality.HYPOTHETICAL, self.act.mood.negative), last=True)
        elif not occurs or (word != "be" and has(lower, ("poss",))):
            self.act.closed = True
        else:
            for predicate in told:
                name = self._lexicon.mood("adjective", predicate.lower_) if predicate.dep_ == "acomp" else ""
                if name in ("likely", "possible", "planned", "negative"):
                    self.act.lay(name)
            self.act.clausal(upper, deny=word != "be")
            if word == "be" and any(infinitive(c) for c in told if c.dep_ == "xcomp"):
                self.act.lay("planned")

    def _attribute(self, lower: Token, upper: Token) -> None:
        """*there was no attack*, *it is not their first meeting*."""
        if verbal(upper):
            self.act.clausal(upper, deny=not has(lower, (), {"first", "only", "last", "sole"}))

    def _adverbial(self, lower: Token, upper: Token) -> None:
        """*after they attacked*, *without attacking*, *killing ten*."""
        openers = {c.lower_ for c in lower.children if c.dep_ in OPENERS}
        early = {c.lower_ for c in lower.children if c.dep_ in OPENERS and c.i < lower.i}
        if finite(lower):
            ahead = lower.tag_ in ("VBZ", "VBP") and openers & self._lexicon.lists["ahead"]
            if ahead and own(upper, self._lexicon).modality is not Modality.ASSERTED:
                self.act.lay("planned")
            self.act.closed = True
            # *He said that they fought while we fired* is his word for both; after *they fought, he said, while* it is not.
            told = upper.dep_ == "ccomp" and upper.head.i < upper.i
            self.act.silent |= bool(early & self._lexicon.lists["contrast"]) and not told
        elif "without" in openers:
            self.act.lay("negative")
        elif not early:
            self.act.set(self.act.mood.under(own(upper, self._lexicon)._replace(negative=False)))

    def _relative(self, lower: Token, upper: Token) -> None:
        """*the troops that attacked*, *the troops sent by Rome*."""
        first = lower.left_edge
        if (
            lemma(upper) in self._lexicon.reporting["nouns"]
            and first.lower_ == "that"
            and first.dep_ not in ("dobj", "nsubj", "pobj", "nsubjpass")
            and any(c.dep_ in SUBJECTS | PASSIVE and c.i != first.i for c in lower.children)
        ):
            # *a report that he had apologised*, parsed as a relative clause
            self._clause(lower, upper)
            return
        if upper.lower_ in ("anyone", "anybody", "whoever") or has(upper, (), {"any"}):
            self.act.lay("hypothetical")
        self.act.closed = True
        self.act.silent |= finite(lower) or first.text in ASIDE or (first.i > 0 and first.nbor(-1).text in ASIDE)

    def _list(self, lower: Token, upper: Token) -> None:
        """*signed and ratified*, *neither attacked nor threatened*."""
        if verbal(lower) != verbal(upper):
            return
        if not verbal(lower):
            self.act.set(self.act.mood.under(own(upper, self._lexicon)))
        elif subject(lower):
            # *said that A had left, and B returned*: outside what was said, unless *that* is said again
            self.act.silent |= (
                upper.dep_ == "ccomp" and has(upper, ("mark",), {"that"}) and not has(lower, ("mark",), {"that"})
            )
            if modal(lower) or conditional(upper, self._lexicon):
                self.act.condition(upper)
        else:
            outer = own(upper, self._lexicon)
            alternative = has(upper, ("cc",), {"or", "nor"})
            if lower.tag_ in ("VB", "VBN", "VBG") and not has(lower, ("aux", "auxpass")):
                self.act.set(self.act.mood.under(
                    outer._replace(negative=outer.negative and (alternative or lower.tag_ == "VB"))))
            elif alternative:
                self.act.set(self.act.mood.under(Mood(negative=outer.negative)))
            self.act.condition(upper)


def _island(token: Token) -> int:
    """The relative clause that a token stands in, by the index of its head; -1 outside of any."""
    return next((t.i for t in (token, *token.ancestors) if t.dep_ == "relcl" and finite(t)), -1)
