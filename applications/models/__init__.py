"""The rows of an application: what is written while it is a draft, and what is frozen when it is sent."""

from applications.models.application import (
    Application,
    ApplicationQuerySet,
    Signature,
    SignatureMethod,
    SignatureRefusal,
    Submission,
    SubmissionQuerySet,
    known_status,
)
from applications.models.correction import CorrectionRequest, Extension
from applications.models.parts import (
    Attachment,
    Benefit,
    BudgetLine,
    Contact,
    ContributionForm,
    Funding,
    Partner,
    PartnerRole,
)
from applications.models.stage_entry import UNSCORED, StageEntry, StageEntryQuerySet

__all__ = [
    "UNSCORED",
    "Application",
    "ApplicationQuerySet",
    "Attachment",
    "Benefit",
    "BudgetLine",
    "Contact",
    "ContributionForm",
    "CorrectionRequest",
    "Extension",
    "Funding",
    "Partner",
    "PartnerRole",
    "Signature",
    "SignatureMethod",
    "SignatureRefusal",
    "StageEntry",
    "StageEntryQuerySet",
    "Submission",
    "SubmissionQuerySet",
    "known_status",
]
