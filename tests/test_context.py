"""Modality, negation and sources of an act, a sentence of its own for each construction."""

from functools import cache

import pytest

from kg.extract.context import Context, Source, context, quotations, words
from kg.extract.parse import Sentence, parse
from kg.model import Document


@cache
def parsed(text: str) -> list[Sentence]:
    return next(parse([Document.of(text)]))[1]


def read(text: str, act: str, *, lasting: bool = False) -> tuple[Context, list[Sentence]]:
    """The context of the last word `act` of a text."""
    sentences = parsed(text)
    quotes = quotations(sentences, words())
    found = [(sentence, token) for sentence in sentences for token in sentence.span if token.text == act]
    sentence, token = found[-1]
    return context(sentence, token, words(), quotes[sentence.index], lasting=lasting), sentences


def said_by(over: Context) -> list[str]:
    return [source.token.text for source in over.sources]


def modality(text: str, act: str) -> str:
    return read(text, act)[0].modality.value


def polarity(text: str, act: str) -> str:
    return read(text, act)[0].polarity.value


def sources(text: str, act: str) -> list[str]:
    return said_by(read(text, act)[0])


# ---- modality -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "act", "expected"), [
    ("Kenya sent troops to Haiti.", "sent", "asserted"),
    ("Kenya will send troops to Haiti.", "send", "planned"),
    ("Kenya may send troops to Haiti.", "send", "possible"),
    ("Kenya probably sent troops to Haiti.", "sent", "likely"),
    ("Norway would have sent troops to Haiti.", "sent", "hypothetical"),
    ("Under a law of 1952 the governor may expel foreigners.", "expel", "hypothetical"),
])  # fmt: skip
def test_a_verbs_own_auxiliaries_and_adverbs(text: str, act: str, expected: str) -> None:
    assert modality(text, act) == expected


@pytest.mark.parametrize(("text", "act", "expected"), [
    ("Kenya agreed to send troops to Haiti.", "send", "planned"),
    ("Kenya is to send troops to Haiti.", "send", "planned"),
    ("Kenya is due to send troops next week.", "send", "planned"),
    ("Kenya threatened to leave the bloc.", "leave", "planned"),
    ("Kenya is expected to send troops.", "send", "likely"),
    ("The general is believed to have fled to Chad.", "fled", "likely"),
    ("Kenya announced plans to send troops to Haiti.", "send", "planned"),
    ("Kenya and Haiti signed a deal to share intelligence.", "share", "planned"),
    ("The ministry began to shell the town.", "shell", "asserted"),
    ("Rebels tried to storm the barracks.", "storm", "asserted"),
    ("Kenya will continue to train Haitian officers.", "train", "planned"),
    ("Peru urged Chile to free the sailors.", "free", "demanded"),
    ("Peru wants Chile to free the sailors.", "free", "demanded"),
    ("Peru wants to leave the pact.", "leave", "planned"),
    ("The treaty allows Peru to shell the island.", "shell", "hypothetical"),
    ("Every state has the right to leave the pact.", "leave", "hypothetical"),
    ("Peru allowed the sailors to leave the port.", "leave", "asserted"),
])  # fmt: skip
def test_words_that_govern_an_infinitive(text: str, act: str, expected: str) -> None:
    assert modality(text, act) == expected


@pytest.mark.parametrize(("text", "act", "expected"), [
    ("Peru demanded that Chile release the sailors.", "release", "demanded"),
    ("Envoys fear that Peru will attack Chile.", "attack", "planned"),
    ("Envoys fear that Peru attacks Chile.", "attacks", "possible"),
    ("Peru hinted that Chile had attacked the port.", "attacked", "asserted"),
    ("The king has yet to say whether he will visit Oslo.", "visit", "hypothetical"),
])  # fmt: skip
def test_words_that_govern_a_clause(text: str, act: str, expected: str) -> None:
    assert modality(text, act) == expected


@pytest.mark.parametrize(("text", "act", "expected"), [
    ("The king launched an attack on the fort.", "attack", "asserted"),
    ("A planned visit to Oslo drew protests.", "visit", "planned"),
    ("The proposed sale of tanks drew protests.", "sale", "planned"),
    ("The alleged attack on the consulate drew protests.", "attack", "likely"),
    ("A possible attack on the port worries envoys.", "attack", "possible"),
    ("The king called for a ceasefire.", "ceasefire", "demanded"),
    ("The king is seeking a ceasefire.", "ceasefire", "demanded"),
    ("The king called for the release of the sailors.", "release", "demanded"),
    ("The king will hold talks with the rebels.", "talks", "planned"),
    ("A visit by the king is planned for May.", "visit", "planned"),
    ("The talks are to begin on Monday.", "talks", "planned"),
    ("Envoys warned of the danger of an attack.", "attack", "possible"),
    ("The king is considering an attack on the fort.", "attack", "possible"),
    ("An attack on the fort would be a mistake.", "attack", "hypothetical"),
    ("In the event of an attack the port closes.", "attack", "hypothetical"),
    ("The king suspended cooperation with the rebels.", "cooperation", "asserted"),
])  # fmt: skip
def test_acts_named_by_a_noun(text: str, act: str, expected: str) -> None:
    assert modality(text, act) == expected


@pytest.mark.parametrize(("text", "act", "expected"), [
    ("If Peru attacks the port, Chile will close the border.", "attacks", "hypothetical"),
    ("If Peru attacks the port, Chile will close the border.", "close", "hypothetical"),
    ("The treaty takes effect once Peru has ratified it.", "ratified", "hypothetical"),
    ("Chile threatened to close the border unless Peru released the sailors.", "released", "demanded"),
    ("Chile threatened to close the border unless Peru released the sailors.", "close", "planned"),
    ("Should Peru attack the port, Chile would close the border.", "attack", "hypothetical"),
    ("Chile is willing to sign the treaty if Peru withdraws.", "sign", "hypothetical"),
    ("Will Peru attack the port?", "attack", "planned"),
    ("Did Peru attack the port?", "attack", "hypothetical"),
    ("Kenya asked, before its troops left for Haiti, who would pay.", "left", "asserted"),
    ("The envoys will rest before they meet the king.", "meet", "planned"),
])  # fmt: skip
def test_conditions_questions_and_times(text: str, act: str, expected: str) -> None:
    assert modality(text, act) == expected


def test_a_headline_in_the_infinitive_is_a_plan() -> None:
    assert modality("Chilean president to visit Hanoi", "visit") == "planned"


def test_relative_clauses_and_appositions_stand_outside_a_plan() -> None:
    text = "Kenya agreed to restore the ties that it severed in 2009."
    assert modality(text, "restore") == "planned"
    assert modality(text, "severed") == "asserted"


@pytest.mark.parametrize(("text", "act", "expected"), [
    ("The rebels must release the sailors.", "release", "hypothetical"),
    ("The rebels must release the sailors, the king said.", "release", "demanded"),
])  # fmt: skip
def test_must_is_a_demand_only_where_somebody_makes_it(text: str, act: str, expected: str) -> None:
    assert modality(text, act) == expected


@pytest.mark.parametrize(("text", "act", "expected"), [
    ("The army reportedly shelled the town.", "shelled", "likely"),
    ("The army reportedly shelled the town, a monitor said.", "shelled", "asserted"),
    ("The army is accused of shelling the town.", "shelling", "likely"),
])  # fmt: skip
def test_hearsay_lowers_the_modality_only_where_no_source_is_named(text: str, act: str, expected: str) -> None:
    assert modality(text, act) == expected


# ---- negation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "act"), [
    ("Peru did not attack the port.", "attack"),
    ("Peru never attacked the port.", "attacked"),
    ("Neither Peru nor Chile attacked the port.", "attacked"),
    ("No soldier attacked the port.", "attacked"),
    ("The king apologized to nobody.", "apologized"),
    ("There was no attack on the port.", "attack"),
    ("The rebels left the port without attacking the fort.", "attacking"),
    ("Peru failed to ratify the treaty.", "ratify"),
    ("Peru refused to sign the treaty.", "sign"),
    ("Peru has yet to ratify the treaty.", "ratify"),
    ("Police prevented the rebels from leaving the port.", "leaving"),
    ("The two sides failed to reach an agreement.", "agreement"),
    ("Peru denied that it had attacked the port.", "attacked"),
    ("Peru denied having attacked the port.", "attacked"),
    ("The king does not intend to visit Oslo.", "visit"),
    ("The envoys averted a strike on the fort.", "strike"),
    ("The army foiled an attempt to kill the king.", "kill"),
    ("Peru called off the visit.", "visit"),
    ("The king denied a report that he had fled.", "fled"),
    ("The rebels had been due to leave the port in May.", "leave"),
])  # fmt: skip
def test_what_did_not_happen(text: str, act: str) -> None:
    assert polarity(text, act) == "negative"


@pytest.mark.parametrize(("text", "act"), [
    ("Peru did not fail to ratify the treaty.", "ratify"),
    ("It was not the first attack on the port.", "attack"),
    ("The king did not rule out a visit to Oslo.", "visit"),
    ("The rebels, who attacked the port, did not apologize.", "attacked"),
    ("Peru denied the charge.", "charge"),
    ("The king refused to sign the treaty and boycotted the ceremony.", "boycotted"),
    ("The talks were not on the agenda.", "talks"),
    ("Peru attacked the port but did not apologize.", "attacked"),
])  # fmt: skip
def test_negation_that_does_not_reach_the_act(text: str, act: str) -> None:
    assert polarity(text, act) == "positive"


def test_what_is_not_ruled_out_is_possible() -> None:
    assert modality("The king did not rule out a visit to Oslo.", "visit") == "possible"


# ---- sources --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "act", "expected"), [
    ("Peru attacked the port.", "attacked", []),
    ("The ministry said that Peru attacked the port.", "attacked", ["ministry"]),
    ("Peru attacked the port, the ministry said on Monday.", "attacked", ["ministry"]),
    ('"Peru attacked the port," said the minister.', "attacked", ["minister"]),
    ("According to the ministry, Peru attacked the port.", "attacked", ["ministry"]),
    ("Peru attacked the port, according to the ministry.", "attacked", ["ministry"]),
    ("By the ministry's account, Peru attacked the port.", "attacked", ["ministry"]),
    ("The agency reported that the king said that Peru attacked the port.", "attacked", ["agency", "king"]),
    ("Chile, Bolivia and Ecuador say that Peru attacked the port.", "attacked", ["Chile", "Bolivia", "Ecuador"]),
    ("A report by the commission that Peru attacked the port drew protests.", "attacked", ["commission"]),
    ("Chile's claim that Peru attacked the port drew protests.", "attacked", ["Chile"]),
    ("Chile accused Peru of shelling the port.", "shelling", ["Chile"]),
    ("Chile accused Peru of shelling the port.", "accused", []),
    ("Chile accused Peru of having fired first and of shelling the port.", "shelling", ["Chile"]),
    ("Peru denied that it had attacked the port.", "attacked", ["Peru"]),
    ("Chile urged Peru to release the sailors.", "release", ["Chile"]),
    ("Chile urged Peru to release the sailors.", "urged", []),
    ("The envoys were asked by Chile to release the sailors.", "release", ["Chile"]),
    ("Chile called for the release of the sailors.", "release", ["Chile"]),
    ("The rebels claim to have captured the port.", "captured", ["rebels"]),
    ("Doctors reported an attack on the port.", "attack", ["Doctors"]),
    ("A court convicted the general of selling secrets.", "selling", ["court"]),
    ("It was said that Peru attacked the port.", "attacked", []),
    ("The text of the treaty says that Peru attacked the port.", "attacked", []),
    ("The king has yet to say whether he will visit Oslo.", "visit", []),
    ("Peru, which attacked the port in 1879, will apologize, a diplomat said.", "attacked", []),
    ("The minister said that the port was calm and called on the rebels to release the sailors.", "called", []),
    ("The minister said that the port was calm and called on the rebels to release the sailors.", "release",
     ["minister"]),
    ("Peru attacked the port; Chile said that it would answer.", "attacked", []),
    ("The king denied a charge by Chile that his army had shelled the port.", "shelled", ["Chile"]),
])  # fmt: skip
def test_who_says_so(text: str, act: str, expected: list[str]) -> None:
    assert sources(text, act) == expected


def test_an_office_told_by_the_way_is_nobodys_claim() -> None:
    text = "The rebels said that President Boric had fled."
    assert said_by(read(text, "President", lasting=True)[0]) == []
    assert sources(text, "fled") == ["rebels"]


@pytest.mark.parametrize(("text", "speaker"), [
    ("“We will strike back.” The minister added that the port was calm.", "minister"),
    ("“Peru attacked the port,” the minister said. “We will strike back.”", "minister"),
    ("The minister was angry, he said. “They lied to us. They fled. We will strike back.”", "he"),
    ("The minister said: “They lied to us. We will strike back. We are many.”", "minister"),
    ("“They lied to us,” the minister said. “They fled. We will strike back.\n\n“We are many.”", "minister"),
    ("The minister spoke first, an aide said.\n\n“We will strike back.”", "aide"),
])  # fmt: skip
def test_the_speaker_of_a_quotation_may_stand_in_another_sentence(text: str, speaker: str) -> None:
    over, sentences = read(text, "strike")
    assert over.quoted
    assert said_by(over) == [speaker]
    (source,) = over.sources
    assert isinstance(source, Source)
    assert any(token.i == source.token.i and token.text == speaker for token in sentences[source.sentence].span)


def test_a_source_in_a_quotation_stands_inside_its_speaker() -> None:
    assert sources("“The army told us that Peru attacked the port,” the minister said.", "attacked") == [
        "minister", "army"]  # fmt: skip


def test_a_quotation_that_is_never_closed_ends_with_its_sentence() -> None:
    over, _ = read("The king said: “They lied. Peru attacked the port.", "attacked")
    assert not over.quoted
    assert over.sources == ()


def test_words_outside_a_quotation_are_the_articles() -> None:
    assert sources("The king called the attack “a crime”. Peru attacked the port.", "attacked") == []


@pytest.mark.parametrize(("text", "act", "expected"), [
    ("Oslo rejects the charge that Norway supplied weapons to rebels.", "supplied", "negative"),
    ("Oslo rejects the charge: Norway did not supply weapons to rebels, its ministry said.", "supply", "negative"),
    ("Oslo rejected the allegation: Norway supplied food to villagers, its ministry said.", "supplied", "positive"),
])  # fmt: skip
def test_after_a_colon_who_rejects_a_charge_speaks_for_himself(text: str, act: str, expected: str) -> None:
    assert polarity(text, act) == expected
