const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u00a0");

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
    const rest = most - field.value.length;
    counter.textContent = rest >= 0 ? `${grouped(rest)} tegn igjen av ${grouped(most)}` : `${grouped(-rest)} tegn for mye`;
    counter.classList.toggle("form-field__counter--over", rest < 0);
    clearTimeout(pause);
    pause = setTimeout(() => {
      spoken.textContent = rest < most * 0.1 && document.activeElement === field ? counter.textContent : "";
    }, 1000);
  };
  field.addEventListener("input", count);
  count();
}
