// Puts a button beside a date field that opens the browser's own calendar; typing works as before.
function addCalendar(field) {
  if (field.dataset.calendar || !("showPicker" in HTMLInputElement.prototype)) return;
  field.dataset.calendar = "yes";
  const holder = document.createElement("span");
  holder.className = "date-field";
  field.replaceWith(holder);
  const picker = document.createElement("input");
  picker.type = "date";
  picker.tabIndex = -1;
  picker.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ds-button date-field__button";
  button.dataset.variant = "tertiary";
  button.dataset.icon = "true";
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  button.setAttribute("aria-label", `${field.dataset.date}: ${label?.firstChild?.textContent.trim() || ""}`);
  holder.append(field, button, picker);
  button.addEventListener("click", () => {
    const [day, month, year] = field.value.split(".");
    picker.value = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
    picker.showPicker();
  });
  picker.addEventListener("change", () => {
    field.value = picker.value.split("-").reverse().join(".");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });
}

const addAll = (root) => root.querySelectorAll("input[data-date]").forEach(addCalendar);
addAll(document);
document.addEventListener("formset:added", (event) => addAll(event.target));
