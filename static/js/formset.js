// Adds a row to a set of rows without a trip to the server; without scripts the same button posts the form.
for (const set of document.querySelectorAll("[data-formset]")) {
  const rows = set.querySelector("[data-formset-rows]");
  // Django's own counters may stand anywhere in the form.
  const form = set.closest("form") || set;
  const total = form.querySelector(`[name="${set.dataset.formset}-TOTAL_FORMS"]`);
  const most = Number(form.querySelector(`[name="${set.dataset.formset}-MAX_NUM_FORMS"]`)?.value || 1000);
  const empty = set.querySelector("template[data-formset-empty]");
  const add = set.querySelector("[data-formset-add]");
  if (!rows || !total || !empty || !add) continue;
  add.addEventListener("click", (event) => {
    event.preventDefault();
    const index = Number(total.value);
    if (index >= most) return;
    const holder = document.createElement("template");
    holder.innerHTML = empty.innerHTML.replaceAll("__prefix__", index);
    const row = holder.content.querySelector("[data-formset-row]");
    const number = row.querySelector("[data-formset-number]");
    if (number) number.textContent = index + 1;
    rows.append(row);
    total.value = index + 1;
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    row.dispatchEvent(new CustomEvent("formset:added", { bubbles: true }));
  });
}

// A row that nobody has written in has nothing to remove.
document.addEventListener("input", (event) => {
  const remove = event.target.closest("[data-formset-row]")?.querySelector("[data-formset-remove]");
  if (remove) remove.hidden = false;
});
