// The scoring page tells when the draft could not be saved; the fields keep what was typed. The filled button is the one
// to go on with: to the next, if there is one, while something remains, and to deliver when nothing does.
const form = document.querySelector("[data-score-form]");
const state = document.getElementById("score-state");

function say(text) {
  const line = document.createElement("p");
  line.className = "ds-validation-message";
  line.textContent = text;
  state.replaceChildren(line);
}

function fill() {
  const remaining = Number(state.querySelector("[data-remaining]")?.dataset.remaining);
  if (Number.isNaN(remaining) || !("hasNext" in form.dataset)) return;
  for (const [act, filled] of [
    ["deliver", remaining === 0],
    ["next", remaining > 0],
  ]) {
    const button = form.querySelector(`button[value="${act}"]`);
    if (filled) delete button.dataset.variant;
    else button.dataset.variant = "secondary";
  }
}

if (form && state) {
  form.addEventListener("htmx:afterSwap", fill);
  form.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.responseText.slice(0, 200)));
  form.addEventListener("htmx:sendError", () => say(form.dataset.unsaved));
}
