const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u00a0");

// As the server counts: each letter in one form, without spaces and empty lines at the ends and what cannot be seen.
const invisible = new RegExp(document.getElementById("counter").dataset.invisible, "g");
const characters = (text) => [...text.normalize("NFC").replace(invisible, "").trim()].length;

// Counts the characters of a long text. It never cuts the text: the server says when it is too long.
for (const counter of document.querySelectorAll("[data-counter]")) {
  const field = document.getElementById(counter.dataset.counterFor);
  const most = Number(counter.dataset.counter);
  if (!field) continue;
  const spoken = document.createElement("span");
  spoken.className = "ds-sr-only";
  spoken.setAttribute("aria-live", "polite");
  counter.after(spoken);
  let pause;
  const count = () => {
    const rest = most - characters(field.value);
    const words = rest >= 0 ? counter.dataset.left : counter.dataset.over;
    counter.textContent = words.replace("{rest}", grouped(Math.abs(rest))).replace("{most}", grouped(most));
    counter.classList.toggle("form-field__counter--over", rest < 0);
    clearTimeout(pause);
    pause = setTimeout(() => {
      spoken.textContent = rest < most * 0.1 && document.activeElement === field ? counter.textContent : "";
    }, 1000);
  };
  field.addEventListener("input", count);
  count();
}
