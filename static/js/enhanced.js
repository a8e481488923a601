// Says to the stylesheet that scripts run; until then everything that a script opens is open.
document.documentElement.classList.add("js");
