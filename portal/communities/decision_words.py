"""How a body decides, in words: on pages, on the ballot card and in the minutes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.communities.decision_rules import SHARES, DecisionRules, QuorumRule, Rule, Share, Source
from portal.communities.models import DecisionRule

CARRIES = {
    Rule.CONSENSUS: gettext_lazy("Konsensus: Forslaget er vedtatt når ingen har innvendinger."),
    Rule.SIMPLE_MAJORITY: gettext_lazy("Alminnelig flertall: Forslaget er vedtatt når flere stemmer for enn mot."),
    Rule.DOUBLE_MAJORITY: gettext_lazy(
        "Flertall på begge sider: Forslaget er vedtatt når flere stemmer for enn mot både på kommunesiden "
        "og på helseforetakssiden."
    ),
}
NAMED_SHARES = {
    SHARES["half"]: gettext_lazy("minst halvparten av de stemmeberettigede"),
    SHARES["more_than_half"]: gettext_lazy("mer enn halvparten av de stemmeberettigede"),
    SHARES["two_thirds"]: gettext_lazy("minst to tredeler av de stemmeberettigede"),
    SHARES["all"]: gettext_lazy("alle stemmeberettigede"),
}


def rule_name(rules: DecisionRules) -> str:
    """«Konsensus»."""
    return str(DecisionRule(rules.rule).label)


def quorum_sentence(quorum: QuorumRule) -> str:
    """«Vedtaksført når minst halvparten av de stemmeberettigede er til stede, og noen fra begge sider.»"""
    sentence = (
        _("Vedtaksført når %(share)s er til stede, og noen fra begge sider.")
        if quorum.both_sides
        else _("Vedtaksført når %(share)s er til stede.")
    )
    return sentence % {"share": _share(quorum.share)}


def _share(share: Share) -> str:
    named = NAMED_SHARES.get(share)
    if named:
        return str(named)
    return _("minst %(percent)s prosent av de stemmeberettigede") % {"percent": share.part * 100}


def source_sentence(rules: DecisionRules) -> str:
    """Which of the rules the round's stage has set, and which are the body's own."""
    return " ".join(filter(None, (_set_by_round(rules), left_to_body(rules, rules.body))))


def _set_by_round(rules: DecisionRules) -> str:
    by_round = rules.rule_source is Source.ROUND, rules.quorum_source is Source.ROUND
    sentences = {
        (True, True): _("Dette er fastsatt i utlysningen under «%(stage)s»."),
        (True, False): _("Beslutningsregelen er fastsatt i utlysningen under «%(stage)s»."),
        (False, True): _("Kravet til hvor mange som må være til stede, er fastsatt i utlysningen under «%(stage)s»."),
        (False, False): "",
    }
    return sentences[by_round] % {"stage": rules.stage}


def left_to_body(rules: DecisionRules, body: str) -> str:
    """Which rules are the body's own; empty when the round has set both. ``body`` is the name of one or several."""
    by_body = rules.rule_source is Source.BODY, rules.quorum_source is Source.BODY
    sentences = {
        (True, True): _("Dette er den vanlige regelen i %(body)s."),
        (True, False): _("Beslutningsregelen er den vanlige i %(body)s."),
        (False, True): _("Kravet til hvor mange som må være til stede, er det vanlige i %(body)s."),
        (False, False): "",
    }
    return sentences[by_body] % {"body": body}


def sentences(rules: DecisionRules) -> str:
    """The rule, the quorum, and who has set them: the text at a case and at its votes."""
    return " ".join(filter(None, (in_force(rules), source_sentence(rules))))


def in_force(rules: DecisionRules) -> str:
    """The rule and the quorum alone."""
    return " ".join(filter(None, (str(CARRIES[rules.rule]), casting_vote(rules), quorum_in_force(rules))))


def casting_vote(rules: DecisionRules) -> str:
    """That who leads decides a tie; empty where nobody does."""
    return _("Ved stemmelikhet avgjør møteleders stemme.") if rules.has_casting_vote else ""


def short(rules: DecisionRules) -> str:
    """«Beslutningsregel: Konsensus. Vedtaksført når …», without who has set the rules."""
    name = _("Beslutningsregel: %(rule)s.") % {"rule": rule_name(rules)}
    return f"{name} {quorum_in_force(rules)}".strip()


def quorum_in_force(rules: DecisionRules) -> str:
    """The quorum, with both sides where the rule needs them; empty for a vote that was stored without it."""
    return quorum_sentence(QuorumRule(rules.quorum.share, rules.needs_both_sides)) if rules.quorum else ""
