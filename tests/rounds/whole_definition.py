"""A definition that uses every field of the round file, as plain data: what the probes of every field change."""
# ruff: noqa: E501 - a table is read by the line

from tests import factories


def _question(kind, **fields):
    return {
        "type": kind,
        "code": f"q-{kind.replace('_', '-')}",
        "label": f"Spørsmål {kind}",
        "help": "Hjelp",
        "prompts": ["Et stikkord"],
        "answer": "optional",
        "relevance": "Når det passer",
        "source": ["S1"],
        **fields,
    }


QUESTIONS = [
    _question("short_text", max_characters=100),
    _question("long_text", max_characters=100),
    _question("number", unit="dager", minimum=1, maximum=9),
    _question("money", minimum=1, maximum=9),
    _question("yes_no", explain="yes", explain_label="Hvem?"),
    _question("date", not_in_future=True, not_after_deadline=True, not_before_deadline=True),
    _question("one_choice", options=[{"code": "a", "label": "A", "text": "Om A"}], other_label="Annet"),
    _question("many_choices", taxonomy="pasientgrupper", least=1, most=2, other_label="Annet"),
    _question(
        "table",
        columns=[{"code": "c", "label": "Kolonne", "type": "date", "required": True}, {"code": "d", "label": "D"}],
        least=1,
    ),
    _question("owners", least=2),
    _question("parties", kinds=["municipality", "hospital_trust"], least=1),
    _question("contacts", kinds=["municipality"], least=2),
    _question("declaration", text="Det er sant"),
    _question("benefits"),
    _question("budget"),
    _question("attachments", kinds=["agreement", "budget", "other"]),
]


def whole():
    """Helse Nord's round with Innlandet's gate, case and effects, one question of each kind, and all that is left out."""
    data = factories.definition("helse-nord-2025").model_dump(mode="json")
    other = factories.definition("innlandet-2024").model_dump(mode="json")
    known = {item["code"] for item in data["taxonomies"]}
    data["taxonomies"] += [item for item in other["taxonomies"] if item["code"] not in known]
    data["gates"], data["decision"]["case"] = other["gates"], other["decision"]["case"]
    data["decision"]["portfolio_text"] = other["decision"]["portfolio_text"]
    data["sources"] += [item for item in other["sources"] if item["key"] not in {key["key"] for key in data["sources"]}]
    gates = [item for item in other["criteria"] if item["kind"] == "gate"]
    data["criteria"] += [{**item, "questions": [], "documents": [], "taxonomies": []} for item in gates]
    data["criteria"][4] |= {"documents": [data["documents"][0]["code"]], "taxonomies": ["pasientgrupper"]}
    data["gates"][0]["question"] = "q-gate"
    stage = data["stages"][0]
    stage["criteria"] += [item["code"] for item in gates]
    stage |= {"gates": [data["gates"][0]["code"]], "minimum_total": "50"}
    gate = _question("many_choices", code="q-gate", gate=data["gates"][0]["code"])
    data["form"]["sections"] = [
        {"code": "all", "title": "Alt", "introduction": "Innledning", "questions": [*QUESTIONS, gate]}
    ]
    data["form"] |= {"title_question": "q-short-text", "summary_question": "q-long-text", "introduction": "Hei"}
    data["criteria"] = [
        {**item, "questions": ["q-long-text"] if item["kind"] == "scored" else []} for item in data["criteria"]
    ]
    data["benefits"] |= {
        "effect_parties": other["benefits"]["effect_parties"],
        "credit": "Etter Innomed",
        "min_rows": 1,
    }
    data["budget"] |= {
        "min_amount": 1000,
        "max_amount": 9_000_000,
        "attachment": data["attachments"]["kinds"][0]["code"],
    }
    data["dates"]["milestones"] = [{"code": "day", "label": "En dag", "at": "2025-05-01 12:00"}]
    data["communities"][0]["closes"] = "2025-03-08 24:00"
    data["call"]["legal_basis"] = [
        {"title": "Lov", "reference": "§ 1", "valid_from": "2024-01-01", "valid_to": "2026-01-01"}
    ]
    data["taxonomies"][0] |= {"valid_from": "2024-01-01", "valid_to": "2026-01-01", "introduction": "Om lista"}
    data["frame"]["amount"], data["call"]["follow_up_text"] = 40_000_000, ""
    data["applicants"] |= {"own_contribution": "expected", "min_municipalities": 0, "min_hospital_trusts": 0}
    data["call"]["funding"] = [
        {"giver": "Stat", "receiver": "RHF", "amount": 1, "reference": "Statsbudsjettet", "source": ["S1"]}
    ]
    data["benefits"]["setting"] = "required"
    data["benefits"]["columns"] = [{**column, "required": True} for column in data["benefits"]["columns"]]
    data["call"]["identity"]["website"] = "https://example.org/om"
    data["documents"][0] |= {"taxonomy": data["taxonomies"][0]["code"], "url": "https://example.org/a", "number": 1}
    data["taxonomies"][0]["groups"] = [{"code": "g", "label": "Gruppe", "text": ""}]
    for term in data["taxonomies"][0]["terms"]:
        term |= {"group": "g", "letter": "A", "responsible": "UNN", "text": "Forklart"}
    return data
