// The scoring page tells when the draft could not be saved; the fields keep what was typed.
const form = document.querySelector("[data-score-form]");
const state = document.getElementById("score-state");

function say(text) {
  const line = document.createElement("p");
  line.className = "ds-validation-message";
  line.textContent = text;
  state.replaceChildren(line);
}

if (form && state) {
  form.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.responseText.slice(0, 200)));
  form.addEventListener("htmx:sendError", () => say(form.dataset.unsaved));
}
