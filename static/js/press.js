// A press counts once, and where it began.

// A second press on a button that is already at work does nothing; the server holds without this, too.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// The page may move between press and release, when an answer comes from the server: the browser sees no click then.
// The button that was pressed is pressed all the same, unless the person has moved the pointer away from it.
const STILL = 8;
let pressed = null;

document.addEventListener("pointerdown", (event) => {
  const button = event.button === 0 && event.target.closest("button, a[href], summary");
  pressed = button ? { button, x: event.clientX, y: event.clientY } : null;
});
document.addEventListener("pointercancel", () => (pressed = null));
document.addEventListener("pointerup", (event) => {
  const { button, x, y } = pressed || {};
  pressed = null;
  const isStill = button && Math.hypot(event.clientX - x, event.clientY - y) < STILL;
  if (isStill && !button.contains(event.target)) button.click();
});
