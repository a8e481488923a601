// Keeps a screen of a meeting right: asks every second whether something has changed, and shows it.
const screenRoot = document.getElementById("screen");
const announcement = document.getElementById("announcement");
const offline = document.getElementById("offline");
const EVERY = 1000;
const PATIENCE = 5000;

function revision() {
  return screenRoot.firstElementChild?.dataset.revision ?? "";
}

function announce() {
  const text = screenRoot.firstElementChild?.dataset.announce ?? "";
  if (announcement && announcement.textContent !== text) announcement.textContent = text;
}

// Someone may stand on a button by keyboard, or have a list open, when the screen changes under them.
function replace(html) {
  const focused = screenRoot.contains(document.activeElement) ? document.activeElement.id : "";
  const folds = () => [...screenRoot.querySelectorAll("details")];
  const name = (details) => details.dataset.side ?? details.querySelector("summary").textContent.trim();
  const open = new Map(folds().map((details) => [name(details), details.open]));
  screenRoot.innerHTML = html;
  for (const details of folds()) details.open = open.get(name(details)) ?? details.open;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  announce();
}

async function ask() {
  const address = new URL(screenRoot.dataset.url, location.href);
  address.searchParams.set("revision", revision());
  // Only the screens of those who lead say how many votes they show; the others are told when the ballot closes.
  const votes = screenRoot.firstElementChild?.dataset.votes;
  if (votes !== undefined) address.searchParams.set("votes", votes);
  const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.type === "opaqueredirect" || answer.status === 404) {
    // Signed out, or no longer in the body: the page itself says so.
    location.reload();
    return false;
  }
  if (answer.status === 200) replace(await answer.text());
  else if (answer.status !== 204) throw new Error(String(answer.status));
  return true;
}

async function follow() {
  let goesOn = true;
  try {
    goesOn = await ask();
    offline.hidden = true;
  } catch {
    offline.hidden = false;
  }
  if (goesOn) setTimeout(follow, EVERY);
}

// A second press on a button at work does nothing; forms come and go with the screen, so the root listens.
screenRoot.addEventListener("submit", (event) => {
  if (event.target.dataset.pressed) event.preventDefault();
  event.target.dataset.pressed = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

announce();
setTimeout(follow, EVERY);
