"""What a page carries hidden, for a test that posts its form without drawing it."""


def versions(client, address):
    """The versions of what the page at the address shows now."""
    return {"version": client.get(address).context["form"]["version"].value()}
