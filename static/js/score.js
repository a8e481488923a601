// The scoring page tells when the draft could not be saved; the fields keep what was typed. The filled button is the one
// to go on with: to save while something remains, and to deliver when nothing does.
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
  if (Number.isNaN(remaining)) return;
  for (const button of form.querySelectorAll(".score-foot .ds-button")) {
    if ((button.value === "deliver") === (remaining === 0)) delete button.dataset.variant;
    else button.dataset.variant = "secondary";
  }
}

if (form && state) {
  form.addEventListener("htmx:afterSwap", fill);
  form.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.responseText.slice(0, 200)));
  form.addEventListener("htmx:sendError", () => say(form.dataset.unsaved));
}
