"""Predicates: who fills which role, one construction of English at a time."""

import pytest

from kg.extract.lexicon import Frame, Lexicon
from kg.extract.parse import Sentence, parse
from kg.extract.predicates import Predicate, predicates
from kg.model import Document

# A construction, a sentence that has it, the predicate (lemma and part) and what its roles must hold.
CONSTRUCTIONS = [
    ("active", "Russia shelled the town.", "shell", "verb", {"subj": ["Russia"], "obj": ["town"]}),
    ("passive with agent", "The town was shelled by Russia.", "shell", "verb", {"subj": ["Russia"], "obj": ["town"]}),
    ("passive without agent", "The town was shelled.", "shell", "verb", {"obj": ["town"], "subj": []}),
    ("coordinated passive", "He was arrested and charged with murder.", "charge", "verb", {"obj": ["He"], "subj": []}),
    ("reduced relative", "The town shelled by Russia is empty.", "shell", "verb", {"subj": ["Russia"], "obj": ["town"]}),
    ("participle before a noun", "The Iran-backed militia left.", "back", "verb", {"subj": ["Iran"], "obj": ["militia"]}),
    ("lists", "Britain, France and Italy warned Libya and Chad.", "warn", "verb",
     {"subj": ["Britain", "France", "Italy"], "obj": ["Libya", "Chad"]}),
    ("shared subject", "Russia shelled the town and took the port.", "take", "verb", {"subj": ["Russia"], "obj": ["port"]}),
    ("shared object", "Troops shelled and bombed the city.", "shell", "verb", {"subj": ["Troops"], "obj": ["city"]}),
    ("dative", "France sent soldiers to Mali.", "send", "verb", {"obj": ["soldiers"], "to": ["Mali"]}),
    ("two objects", "Cuba gave them money.", "give", "verb", {"obj": ["money"], "iobj": ["them"]}),
    ("passive of two objects", "The rebels were given tanks by Libya.", "give", "verb",
     {"subj": ["Libya"], "obj": ["tanks"], "iobj": ["rebels"]}),
    ("relative subject", "Iraq, which invaded Kuwait, was sanctioned.", "invade", "verb",
     {"subj": ["Iraq"], "obj": ["Kuwait"]}),
    ("relative object", "Iran, which Israel attacked in June, replied.", "attack", "verb",
     {"subj": ["Israel"], "obj": ["Iran"]}),
    ("relative without a pronoun", "The man Russia accused of spying was freed.", "accuse", "verb",
     {"subj": ["Russia"], "obj": ["man"]}),
    ("relative under a preposition", "The men with whom he met were freed.", "meet", "verb", {"with": ["men"]}),
    ("relative owner", "Kim, whose army invaded the South, spoke.", "army", "noun", {"poss": ["Kim"]}),
    ("cleft", "It was Oman who arranged the talks.", "arrange", "verb", {"subj": ["Oman"]}),
    ("subject control", "Moscow threatened to bomb the convoys.", "bomb", "verb",
     {"subj": ["Moscow"], "obj": ["convoys"]}),
    ("object control", "The ministry urged Iran to free the crew.", "free", "verb", {"subj": ["Iran"], "obj": ["crew"]}),
    ("the controlled clause", "The ministry urged Iran to free the crew.", "urge", "verb",
     {"obj": ["Iran"], "inf": ["free"]}),
    ("control by a preposition", "He called on Israel to stop the raids.", "stop", "verb", {"subj": ["Israel"]}),
    ("control by a noun", "Its decision to send troops was attacked.", "send", "verb", {"subj": ["Its"]}),
    ("control by an adjective", "Japan is ready to help Nepal.", "help", "verb", {"subj": ["Japan"]}),
    ("the first to do it", "Germany became the first country to recognise Croatia.", "recognise", "verb",
     {"subj": ["country"], "obj": ["Croatia"]}),
    ("gerund of the accused", "Georgia accused Russia of bombing the port.", "bomb", "verb", {"subj": ["Russia"]}),
    ("gerund of the subject", "Egypt recalled its envoy after accusing Qatar of meddling.", "accuse", "verb",
     {"subj": ["Egypt"], "obj": ["Qatar"]}),
    ("participle clause", "Backed by Iran, the militia attacked the town.", "back", "verb",
     {"subj": ["Iran"], "obj": ["militia"]}),
    ("particle", "The army carried out a raid.", "carry", "verb", {"obj": ["raid"]}),
    ("preposition after a particle", "America pulled out of the treaty.", "pull", "verb", {"of": ["treaty"]}),
    ("times are no arguments", "Police fired on Monday on the crowd.", "fire", "verb", {"on": ["crowd"]}),
    ("owner and of", "Russia's invasion of Ukraine failed.", "invasion", "noun", {"poss": ["Russia"], "of": ["Ukraine"]}),
    ("owner as object", "The town fell after its capture by rebels.", "capture", "noun",
     {"obj": ["its"], "by": ["rebels"], "poss": []}),
    ("of and by", "The ratification of the treaty by Peru ended it.", "ratification", "noun",
     {"of": ["treaty"], "by": ["Peru"]}),
    ("nationality", "The Russian invasion of Georgia failed.", "invasion", "noun", {"mod": ["Russian"], "of": ["Georgia"]}),
    ("place before a noun", "The Paris attacks were condemned.", "attack", "noun", {"place": ["Paris"], "mod": []}),
    ("two names before a noun", "US-China talks went on.", "talk", "noun", {"mod": ["China", "US"]}),
    ("other words before a noun", "The phone call with Putin was long.", "call", "noun", {"kind": ["phone"]}),
    ("hyphens", "Anti-government protesters marched.", "protester", "noun", {"anti": ["government"]}),
    ("one word in two", "A cease-fire between the two was signed.", "cease-fire", "noun", {"between": ["two"]}),
    ("light verb", "Rebels launched an attack on the base.", "attack", "noun", {"subj": ["Rebels"], "on": ["base"]}),
    ("light verb in the passive", "Sanctions were imposed on Iraq by the council.", "sanction", "noun",
     {"subj": ["council"], "on": ["Iraq"]}),
    ("light verb after its noun", "Sanctions imposed on Russia by the EU failed.", "sanction", "noun",
     {"subj": ["EU"], "on": ["Russia"]}),
    ("light verb in a relative", "The truce that Hamas signed held.", "truce", "noun", {"subj": ["Hamas"]}),
    ("suffered", "The convoy suffered an attack from snipers.", "attack", "noun",
     {"obj": ["convoy"], "by": ["snipers"]}),
    ("under", "The city came under attack from Serb forces.", "attack", "noun", {"obj": ["city"], "by": ["forces"]}),
    ("took part in", "The militia took part in a raid on Kyiv.", "raid", "noun", {"subj": ["militia"], "on": ["Kyiv"]}),
    ("a series of", "Rebels carried out a series of attacks on the base.", "attack", "noun", {"subj": ["Rebels"]}),
    ("convicted of", "He was convicted of the murder of two officers.", "murder", "noun",
     {"subj": ["He"], "of": ["officers"]}),
    ("took place", "Talks took place between India and Pakistan.", "talk", "noun", {"between": ["India", "Pakistan"]}),
    ("gerund as a noun", "Fighting between the Tamils and the army resumed.", "fighting", "noun",
     {"between": ["Tamils", "army"]}),
    ("on a visit", "Xi met Macron during a visit to Paris.", "visit", "noun", {"clause": ["Xi"], "to": ["Paris"]}),
    ("copula", "Belarus is an ally of Russia.", "ally", "noun", {"names": ["Belarus"], "of": ["Russia"]}),
    ("apposition", "Belarus, an ally of Russia, agreed.", "ally", "noun", {"names": ["Belarus"]}),
    ("adjective", "Most governors are critical of the plan.", "critical", "adj", {"subj": ["governors"], "of": ["plan"]}),
    ("adjective after a noun", "Forces loyal to Assad advanced.", "loyal", "adj", {"subj": ["Forces"], "to": ["Assad"]}),
]


@pytest.fixture(scope="module")
def sentences() -> dict[str, list[Sentence]]:
    texts = sorted({text for _, text, *_ in CONSTRUCTIONS} | set(PAIRS))
    found: dict[str, list[Sentence]] = {}
    for _, parsed in parse([Document.of("\n\n".join(texts), name="constructions")]):
        for sentence in parsed:
            found.setdefault(texts[sentence.paragraph], []).append(sentence)
    return found


def found_in(sentences: list[Sentence]) -> list[Predicate]:
    return [predicate for sentence in sentences for predicate in predicates(sentence)]


@pytest.mark.parametrize(("text", "lemma", "part", "roles"), [c[1:] for c in CONSTRUCTIONS],
                         ids=[c[0] for c in CONSTRUCTIONS])
def test_construction(sentences: dict[str, list[Sentence]], text: str, lemma: str, part: str,
                      roles: dict[str, list[str]]) -> None:
    read = [p for p in found_in(sentences[text]) if (p.lemma, p.part) == (lemma, part)]
    assert len(read) == 1
    assert {role: [token.text for token in read[0].roles.get(role, [])] for role in roles} == roles


def test_a_particle_belongs_to_its_verb(sentences: dict[str, list[Sentence]]) -> None:
    assert [p.particle for p in found_in(sentences["The army carried out a raid."]) if p.part == "verb"] == ["out"]


# What a symmetric relation's frames make of one list, of a plural, of one alone.
PAIRS = {
    "The talks between India, China and Nepal failed.": [("India", "China"), ("India", "Nepal"), ("China", "Nepal")],
    "The two sides held talks.": [("sides", "sides")],
    "India and China held talks.": [("India", "China")],
    "India held talks with China and Nepal.": [("India", "China"), ("India", "Nepal")],
    "India held talks.": [],
    "Qatar brokered talks between India and China.": [("India", "China")],
}


@pytest.mark.parametrize("text", PAIRS)
def test_reciprocal_frames_pair_up_a_list(sentences: dict[str, list[Sentence]], text: str) -> None:
    frame = Frame(relation="negotiatedWith", lemma="talk", part="noun", subject=("between", "subj"),
                  object=("between", "with"), reciprocal=True)
    hits = Lexicon([frame]).hits(found_in(sentences[text]))
    assert [(hit.subject.text, hit.object.text if hit.object else None) for hit in hits] == PAIRS[text]


def test_needs_and_blocks_decide_on_a_sense(sentences: dict[str, list[Sentence]]) -> None:
    text = "Rebels launched an attack on the base."
    def hits(**options: dict[str, tuple[str, ...]]) -> int:
        frame = Frame(relation="attacked", lemma="launch", part="verb", subject=("subj",), object=("on",), **options)
        return len(list(Lexicon([frame]).hits(found_in(sentences[text]))))
    assert hits() == 0
    assert hits(needs={"obj": ("attack",)}) == 1, "an idiom's preposition may hang on its object"
    assert hits(needs={"obj": ("book",)}) == 0
    assert hits(needs={"obj": ("attack",)}, unless={"on": ("base",)}) == 0


def test_the_surest_frame_of_a_relation_stands(sentences: dict[str, list[Sentence]]) -> None:
    frames = [Frame(relation="shelled", lemma="shell", part="verb", subject=("subj",), object=("obj",), sure=sure)
              for sure in (0.4, 0.9, 0.6)]
    assert [h.frame.sure for h in Lexicon(frames).hits(found_in(sentences["Russia shelled the town."]))] == [0.9]
