// Keeps in this browser what is typed in a form with long text, until the form has been taken: a click in the menu,
// another language, «Back», a lost session or a lost network takes nothing away. Forms that are saved while they are
// written (autosave.js) have a copy of their own.
const words = document.getElementById("keeping")?.dataset;
const DAYS = 7;
const SENT = "kept-sent";

const start = () => `kept:${words.person}:`;
const nameOf = (form) => `${start()}${location.pathname}:${form.getAttribute("action") || ""}`;
const fieldsOf = (form) =>
  [...form.elements].filter((field) => field.name && !["hidden", "file", "password", "submit", "button"].includes(field.type));
const isKept = (form) => form.method === "post" && form.querySelector("textarea") && !form.closest("[data-autosave-url]") && !form.querySelector("[data-autosave-url]");

// What each field holds; a box that is not ticked holds nothing.
const held = (form, value, checked) => {
  const shown = {};
  for (const field of fieldsOf(form)) {
    const isBox = ["checkbox", "radio"].includes(field.type);
    if (!isBox) shown[field.name] = value(field);
    else if (checked(field)) shown[field.name] = [shown[field.name], field.value].filter(Boolean).join("\n");
    else shown[field.name] ??= "";
  }
  return shown;
};
const selected = (field) => [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value ?? "";
const before = (form) =>
  held(form, (field) => (field.options ? selected(field) : field.defaultValue), (field) => field.defaultChecked);
const now = (form) => held(form, (field) => field.value, (field) => field.checked);
const differ = (one, other) => JSON.stringify(one) !== JSON.stringify(other);

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

// The page shows what was refused: the text that was stored when the person began stands in the copy alone.
const isRefused = (form) => form.querySelector("[data-error-summary], .form-field--error");

function keep(form) {
  const was = (isRefused(form) && read(nameOf(form))?.was) || before(form);
  const typed = now(form);
  if (!differ(was, typed)) return localStorage.removeItem(nameOf(form));
  try {
    localStorage.setItem(nameOf(form), JSON.stringify({ at: Date.now(), was, typed }));
  } catch {
    // A full or closed store: the page itself still holds the text.
  }
  return undefined;
}

// Text that is brought back is seen: every fold around it is opened.
function unfold(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}

function put(form, shown) {
  for (const field of fieldsOf(form)) {
    const value = shown[field.name];
    if (value === undefined) continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = value.split("\n").includes(field.value);
    else field.value = value;
    if (field.type === "textarea" && value) unfold(field);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function tell(form) {
  const [line, button] = [document.createElement("p"), document.createElement("button")];
  line.className = "autosave";
  line.dataset.kept = "";
  line.setAttribute("role", "status");
  Object.assign(button, { type: "button", className: "ds-link", textContent: words.discard });
  button.addEventListener("click", () => {
    put(form, before(form));
    localStorage.removeItem(nameOf(form));
    line.remove();
    form.querySelector("textarea").focus();
  });
  line.append(words.found, " ", button);
  form.prepend(line);
}

function bringBack(form) {
  const kept = read(nameOf(form));
  if (!kept || isRefused(form)) return;
  // Somebody has stored another text since: what was typed was typed about the old one.
  if (differ(kept.was, before(form)) || !differ(kept.typed, now(form))) return;
  put(form, kept.typed);
  tell(form);
}

// The portal has taken the form that was just sent when it says that something was done.
function forgetWhatWasTaken() {
  const name = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (name && document.querySelector('.messages [data-color="success"]')) localStorage.removeItem(name);
}

function forgetOld() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("kept:") && !((read(name)?.at || 0) > Date.now() - DAYS * 86400000)) localStorage.removeItem(name);
  }
}

if (words) {
  forgetWhatWasTaken();
  forgetOld();
  const forms = [...document.forms].filter(isKept);
  forms.forEach(bringBack);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && isKept(form)) keep(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (isKept(form)) sessionStorage.setItem(SENT, nameOf(form));
    // On a machine that others use, nothing is left behind by one who signs out.
    if (new URL(form.action).pathname === words.signOut) Object.keys(localStorage).filter((name) => name.startsWith(start())).forEach((name) => localStorage.removeItem(name));
  });
}
