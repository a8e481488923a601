"""The form engine: questions, answers, checks, autosave, versions, conflicts and printing, for whoever has a form.

An application, an evaluation and whatever report comes are *owners*: each has one ``Response`` and tells the engine
what is its own by a subclass of ``owner.Owner``.
"""
