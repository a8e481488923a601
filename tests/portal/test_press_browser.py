"""In a browser: a press on a button that moves before it is released."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

PUSH = """(button) => {
  const line = document.createElement("p");
  line.style.height = "300px";
  button.parentElement.before(line);
}"""


def press(page, button, *, away=0):
    """Press and release; between them an answer from the server moves the page down, and the pointer goes ``away``."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    button.evaluate(PUSH)
    page.mouse.move(x + away, y)
    page.mouse.up()


@pytest.mark.browser
def test_a_press_counts_where_it_began(house, open_as):
    page = open_as(house.secretary)
    page.goto(reverse("portal:body_edit", args=[house.ssu.code]))
    page.get_by_label("Mandat").fill("Mandat for utvalget.")
    save = page.get_by_role("button", name="Lagre organet")
    press(page, save, away=120)
    expect(page.get_by_label("Mandat")).to_have_value("Mandat for utvalget.")
    assert not house.ssu.__class__.objects.get(pk=house.ssu.pk).mandate
    press(page, save)
    expect(page.get_by_text("Organet er lagret.")).to_be_visible()
    house.ssu.refresh_from_db()
    assert house.ssu.mandate == "Mandat for utvalget."
