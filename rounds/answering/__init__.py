"""The form engine: questions, answers, checks, autosave, versions, conflicts and printing of any form of a round.

Whoever fills in a form is its *owner*: an application, an evaluation, later other reports. An owner has one
``Response``, and tells the engine about itself in a subclass of ``owner.Owner``.
"""
