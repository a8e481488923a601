"""Addresses of the room, in the order of the process."""

from django.urls import path

from applications.views import (
    attachments,
    cancelling,
    check,
    drafts,
    partners,
    parts,
    secretariat,
    sections,
    sent,
    signatures,
)

app_name = "applications"
urlpatterns = [
    path("", drafts.application_list, name="list"),
    path("start/<slug:code>/", drafts.start, name="start"),
    path("extensions/", secretariat.extend_draft, name="extend_draft"),
    path("rounds/<slug:code>/cancel/", cancelling.cancel_round, name="cancel_round"),
    path("<slug:code>/", drafts.detail, name="detail"),
    # writing
    path("<slug:code>/section/<slug:section>/", sections.section, name="section"),
    path("<slug:code>/answers/<slug:question>/", sections.answer, name="answer"),
    path("<slug:code>/partners/", partners.partner_list, name="partners"),
    path("<slug:code>/partners/add/", partners.add, name="partner_add"),
    path("<slug:code>/partners/<int:pk>/", partners.partner, name="partner"),
    path("<slug:code>/partners/<int:pk>/row/", partners.contact_row, name="contact_row"),
    path("<slug:code>/partners/<int:pk>/lead/", partners.make_lead, name="partner_lead"),
    path("<slug:code>/partners/<int:pk>/successor/", partners.follow_successor, name="partner_successor"),
    path("<slug:code>/partners/<int:pk>/remove/", partners.remove, name="partner_remove"),
    path("<slug:code>/benefits/", parts.benefits, name="benefits"),
    path("<slug:code>/benefits/row/", parts.benefit_row, name="benefit_row"),
    path("<slug:code>/budget/", parts.budget, name="budget"),
    path("<slug:code>/budget/row/", parts.budget_row, name="budget_row"),
    path("<slug:code>/budget/amount/", parts.amount, name="amount"),
    path("<slug:code>/attachments/", attachments.attachment_list, name="attachments"),
    path("<slug:code>/attachments/<int:number>/", attachments.download, name="attachment"),
    path("<slug:code>/attachments/<int:number>/replace/", attachments.replace, name="attachment_replace"),
    path("<slug:code>/attachments/<int:number>/remove/", attachments.remove, name="attachment_remove"),
    # signing
    path("<slug:code>/signatures/", signatures.signatures, name="signatures"),
    path("<slug:code>/signatures/open/", signatures.open_text, name="signatures_open"),
    path("<slug:code>/signatures/remind/", signatures.remind, name="signatures_remind"),
    path("<slug:code>/signatures/<int:pk>/sign/", signatures.sign, name="sign"),
    path("<slug:code>/signatures/<int:pk>/paper/", signatures.paper, name="sign_paper"),
    path("<slug:code>/signatures/<int:pk>/decline/", signatures.decline, name="sign_decline"),
    path("<slug:code>/signatures/<int:pk>/agreement/", signatures.agreement, name="agreement"),
    # sending
    path("<slug:code>/check/", check.check, name="check"),
    path("<slug:code>/submit/", check.submit, name="submit"),
    path("<slug:code>/withdraw/", check.withdraw, name="withdraw"),
    path("<slug:code>/bring-back/", check.bring_back, name="bring_back"),
    # what was sent
    path("<slug:code>/sent/", sent.sent, name="sent"),
    path("<slug:code>/receipt/", sent.receipt, name="receipt"),
    path("<slug:code>/receipt.pdf", sent.receipt_pdf, name="receipt_pdf"),
    path("<slug:code>/versions/<int:number>/", sent.version, name="version"),
    path("<slug:code>/versions/<int:number>.pdf", sent.version_pdf, name="version_pdf"),
    path("<slug:code>/versions/<int:number>/changes/", sent.changes, name="changes"),
    path("<slug:code>/versions/<int:number>/attachments/<int:attachment>/", sent.sent_file, name="sent_file"),
    # the secretariat
    path("<slug:code>/request-correction/", secretariat.request_correction, name="request_correction"),
    path("<slug:code>/extend/", secretariat.extend, name="extend"),
]
