"""Starting an application: where it is sent, what it is called, who owns it and who applies."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.start_choices import Starting
from portal.communities.models import Body, HealthCommunity, Organisation
from portal.forms import Form
from rounds.answering.answers import TITLE_MOST
from rounds.answering.forms.text import LineField


class StartForm(Form):
    """Where the application is sent, its name, its owner and the responsible organisation."""

    submit_label = gettext_lazy("Start søknaden")

    community = forms.ChoiceField(
        label=gettext_lazy("Hvilket helsefellesskap skal ha søknaden?"), widget=forms.RadioSelect
    )
    title = LineField(
        label=gettext_lazy("Navn på prosjekt/pilot"),
        max_length=TITLE_MOST,
        required=True,
        help_text=gettext_lazy("Dere kan endre navnet senere."),
    )
    owner = forms.ChoiceField(label=gettext_lazy("Hvem eier prosjektet?"), widget=forms.RadioSelect)
    lead = forms.ChoiceField(
        label=gettext_lazy("Ansvarlig søker"),
        required=False,
        help_text=gettext_lazy(
            "Organisasjonen må ha organisasjonsnummer. Den står ansvarlig for søknaden og mottar pengene. Resten av "
            "partnerne legger dere til etterpå."
        ),
    )

    def __init__(self, *args: Any, starting: Starting, **kwargs: Any) -> None:
        self.starting = starting
        self.only_owner = ""
        super().__init__(*args, **kwargs)
        communities = [(item.code, item.name) for item in starting.communities]
        self.fields["community"].choices = communities  # type: ignore[attr-defined]
        if starting.home:
            self.fields["community"].widget = forms.HiddenInput()
            self.initial["community"] = starting.home.code
        self._build_owner()

    def _build_owner(self) -> None:
        organisations = [(f"organisation-{item.pk}", item.name) for item in self.starting.organisations]
        bodies = [(f"body-{item.code}", item.name) for item in self.starting.bodies]
        self.fields["owner"].choices = [*organisations, *bodies]  # type: ignore[attr-defined]
        if len(organisations) + len(bodies) == 1:
            # Nothing to choose: the page says who it is.
            code, self.only_owner = (organisations + bodies)[0]
            self.fields["owner"].widget = forms.HiddenInput()
            self.initial["owner"] = code
        if not self.starting.bodies and len(organisations) == 1:
            # Nothing to choose: one organisation owns the project and applies.
            del self.fields["lead"]
            return
        same = [("", _("Samme som eieren"))] if organisations else [("", _("Velg organisasjon"))]
        self.fields["lead"].choices = [*same, *self._leads()]  # type: ignore[attr-defined]
        self.fields["lead"].shows_optional = False  # type: ignore[attr-defined]

    def _leads(self) -> list[Any]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for item in self.starting.leads:
            groups.setdefault(str(item.community), []).append((str(item.pk), item.name))
        return list(groups.items())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if {"owner", "community"} <= data.keys():
            community = self.starting.community(data["community"])
            kind, _dash, key = data["owner"].partition("-")
            owner: Organisation | Body = (
                self.starting.body(key) if kind == "body" else self.starting.organisation(int(key))
            )
            data["owner_body"] = owner if isinstance(owner, Body) else None
            data["lead_organisation"] = self._lead(data.get("lead", ""), owner, community)
        return data

    def _lead(self, chosen: str, owner: Organisation | Body, community: HealthCommunity) -> Organisation | None:
        if not chosen and isinstance(owner, Body):
            sentence = _("Velg en organisasjon som ansvarlig søker. Et utvalg har ikke organisasjonsnummer.")
            self.add_error("lead", ValidationError(sentence))
            return None
        lead = self.starting.lead(int(chosen)) if chosen else owner
        if lead.community_id != community.pk:
            words = {"lead": lead, "community": community}
            sentence = _("%(lead)s hører ikke til %(community)s. Velg helsefellesskapet som organisasjonen er med i.")
            self.add_error("lead" if "lead" in self.fields else "owner", ValidationError(sentence % words))
        return lead if isinstance(lead, Organisation) else None
