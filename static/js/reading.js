// Shows under an amount or a date how the server reads what was typed. The server alone reads; without an answer
// nothing is shown.
const url = document.getElementById("reading").dataset.url;
const PAUSE = 400;
const waiting = new WeakMap();

function place(field) {
  const box = field.closest(".ds-field-affixes, .date-field") || field;
  const next = box.nextElementSibling;
  if (next?.matches("output.form-field__reading")) return next;
  const output = document.createElement("output");
  output.className = "form-field__reading";
  output.htmlFor = field.id;
  box.after(output);
  return output;
}

async function show(field) {
  const text = field.value.trim();
  let said = "";
  if (text) {
    try {
      const answer = await fetch(`${url}?${new URLSearchParams({ kind: field.dataset.reads, text })}`);
      if (answer.status === 200) said = await answer.text();
    } catch {
      said = "";
    }
  }
  if (field.value.trim() === text) place(field).textContent = said;
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset?.reads) return;
  clearTimeout(waiting.get(field));
  // What was read of another text must not stand under this one.
  field.closest(".form-field, td, .ds-field")?.querySelectorAll("output.form-field__reading").forEach((output) => (output.textContent = ""));
  waiting.set(field, setTimeout(() => show(field), PAUSE));
});
