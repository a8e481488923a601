// Keeps the budget's sums while somebody types. The server reckons anew when it saves, and has the last word.
const form = document.querySelector("[data-budget]");

function kroner(text) {
  const plain = text.toLowerCase().replace(/\s|kr\.?|,-$/g, "");
  const whole = /^\d{1,3}(\.\d{3})+$/.test(plain) ? plain.replaceAll(".", "") : plain;
  return /^\d{1,15}$/.test(whole) ? Number(whole) : null;
}

const written = (amount) => `${amount.toLocaleString("nb-NO").replace(/\s/g, "\u00a0")}\u00a0kr`;

function reckon() {
  const sums = { grant: 0, own: 0, other: 0 };
  for (const line of form.querySelectorAll("[data-budget-line]")) {
    const value = (name) => line.querySelector(`[name$="-${name}"]`);
    if (value("DELETE")?.checked) continue;
    const amount = kroner(value("amount").value);
    const source = value("funding").value.split("-")[0];
    // Nobody is chosen yet: the line counts when somebody is.
    if (amount !== null && source in sums) sums[source] += amount;
  }
  sums.total = sums.grant + sums.own + sums.other;
  for (const [name, sum] of Object.entries(sums)) form.querySelector(`[data-sum="${name}"]`).textContent = written(sum);
  const asked = kroner(form.querySelector('[name="requested_amount"]')?.value || "");
  const word = form.querySelector("[data-budget-word]");
  // Until somebody types, what the server has said stands alone.
  if (asked === null || form.querySelector("[data-server-word]")) {
    word.textContent = "";
    return;
  }
  const rest = asked - sums.grant;
  const text = rest === 0 ? word.dataset.agrees : rest > 0 ? word.dataset.below : word.dataset.above;
  word.textContent = text.replace("{amount}", written(Math.abs(rest)));
  word.dataset.kind = rest === 0 ? "agrees" : "differs";
}

if (form) {
  form.addEventListener("input", () => {
    form.querySelectorAll("[data-server-word]").forEach((text) => text.remove());
    reckon();
  });
  reckon();
}
