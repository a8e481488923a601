// Counts on the time that the server wrote until a deadline, in its two largest units, like formats.time_left.
// The words come from the page, in its language: formats.time_left_words.
const script = document.getElementById("countdown");
const words = JSON.parse(script.dataset.words);
// How far the portal's clock is ahead of this machine's; a page that was not told goes by the machine.
const ahead = new Date(script.dataset.now) - Date.now() || 0;
const unit = (count, [one, many]) => (count ? (count === 1 ? one : many).replace("{n}", count) : "");

function left(milliseconds) {
  const minutes = Math.floor(milliseconds / 60000);
  const days = Math.floor(minutes / 1440);
  if (days >= 3) return unit(days, words.days_left);
  const parts = [
    unit(days, words.days),
    unit(Math.floor((minutes % 1440) / 60), words.hours),
    unit(minutes % 60, words.minutes),
  ].filter(Boolean);
  return parts.length ? words.left.replace("{time}", parts.slice(0, 2).join(words.and)) : words.soon;
}

const clocks = document.querySelectorAll("[data-countdown]");
if (clocks.length) {
  setInterval(() => {
    for (const clock of clocks) {
      const rest = new Date(clock.dateTime) - (Date.now() + ahead);
      clock.textContent = rest > 0 ? left(rest) : words.over;
    }
  }, 30000);
}
