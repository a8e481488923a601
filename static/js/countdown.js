// Counts on the time that the server wrote until a deadline, in its two largest units, like formats.time_left.
const unit = (count, one, many) => (count ? `${count} ${count === 1 ? one : many}` : "");

function left(milliseconds) {
  const minutes = Math.floor(milliseconds / 60000);
  const days = Math.floor(minutes / 1440);
  if (days >= 3) return `${days} dager igjen`;
  const parts = [
    unit(days, "dag", "dager"),
    unit(Math.floor((minutes % 1440) / 60), "time", "timer"),
    unit(minutes % 60, "minutt", "minutter"),
  ].filter(Boolean);
  return parts.length ? `${parts.slice(0, 2).join(" og ")} igjen` : "Under ett minutt igjen";
}

const clocks = document.querySelectorAll("[data-countdown]");
// Only the interface's source language is counted on; the others keep what the server wrote.
if (clocks.length && document.documentElement.lang.startsWith("nb")) {
  setInterval(() => {
    for (const clock of clocks) {
      const rest = new Date(clock.dateTime) - Date.now();
      clock.textContent = rest > 0 ? left(rest) : clock.dataset.countdown;
    }
  }, 30000);
}
