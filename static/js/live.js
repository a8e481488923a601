// htmx is fetched by pages that have something for it to do; the others are spared its 17 kB. It starts by itself only
// on a page that has been loaded whole.
const script = document.getElementById("live");

addEventListener("load", () => {
  if (document.querySelector("[hx-get], [hx-post]")) {
    document.head.append(Object.assign(document.createElement("script"), { src: script.dataset.htmx }));
  }
});
