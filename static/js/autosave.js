// Saves what is typed, an answer or a row at a time, and says how it went. Nothing typed is lost: until the server has
// it, a copy lies in this browser. The form's own button does the same without this script.
const words = document.querySelector("[data-autosave-words]")?.dataset;
const voice = document.querySelector("[data-autosave-voice]");
const PAUSE = 1500;
const LONGEST = 8000;
const WAIT = 2000;
const RETRY = [3000, 10000, 30000];
const boxes = new Map();
// The cookie's token is the newest: somebody may have signed in anew in another tab.
const token = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ||
  document.querySelector("[name=csrfmiddlewaretoken]").value;

class Box {
  constructor(element) {
    this.element = element;
    this.state = element.querySelector("[data-autosave-state]");
    this.tries = 0;
    this.isDirty = false;
    this.saving = null;
    // A new row that waits for those above it.
    this.isWaiting = false;
    // The last try did not reach the portal.
    this.isCut = false;
  }

  get name() {
    const key = this.element.dataset.autosaveKey || this.element.querySelector("[data-row-key]")?.value;
    return `draft:${words.person}:${this.element.dataset.autosaveUrl}:${key}`;
  }

  fields() {
    return [...this.element.querySelectorAll("input, select, textarea")].filter((field) => field.name);
  }

  data() {
    const data = new URLSearchParams();
    for (const field of this.fields()) {
      if (["checkbox", "radio"].includes(field.type) && !field.checked) continue;
      data.append(field.name, field.value);
    }
    if (this.element.dataset.autosavePrefix) data.append("prefix", this.element.dataset.autosavePrefix);
    return data;
  }

  // A row that points to others by their numbers says which rows the page has, in the order that they are numbered.
  sent() {
    const data = this.data();
    if (this.element.querySelector("[data-row-order]")) {
      const keys = [...document.querySelectorAll("[data-row-key]")].map((field) => field.value).filter(Boolean);
      data.append("keys", keys.join(" "));
    }
    return data;
  }

  touch() {
    this.isDirty = true;
    this.tries = 0;
    this.keep();
    if (!this.since) this.since = Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, this.since + LONGEST - Date.now())));
    if (!this.element.querySelector("[data-conflict]")) this.say(words.unsaved, "waiting");
  }

  keep() {
    try {
      localStorage.setItem(this.name, this.data().toString());
    } catch {
      // A full or closed store: the page itself still holds the text.
    }
  }

  forget() {
    localStorage.removeItem(this.name);
  }

  say(text, kind, aloud = false) {
    if (!this.state) return;
    this.state.textContent = text;
    this.state.dataset.kind = kind;
    if (aloud && voice) voice.textContent = text;
  }

  async save({ isLeaving = false } = {}) {
    clearTimeout(this.timer);
    // The page goes away: nothing is left to wait for.
    if (isLeaving && this.isWaiting) this.send(isLeaving);
    if (this.saving) return this.saving;
    if (!this.isDirty || this.hasOpenConflict()) return undefined;
    this.isDirty = false;
    this.since = null;
    this.saving = this.inTurn(isLeaving).finally(() => {
      this.saving = null;
      if (this.isDirty && !this.tries) this.timer = setTimeout(() => this.save(), PAUSE);
    });
    return this.saving;
  }

  // Sends at once, or after the rows above; a page that is left waits for nothing.
  async inTurn(isLeaving) {
    this.isWaiting = !isLeaving;
    if (this.isWaiting) await this.rowsAbove();
    this.isWaiting = false;
    return this.send(isLeaving);
  }

  // A new row comes after the stored ones: it waits for those above it on the page, so that the table keeps its order.
  rowsAbove() {
    if (!this.element.matches("[data-formset-row]")) return Promise.resolve();
    const above = [...boxes.values()].filter(
      (box) =>
        box.element.matches("[data-formset-row]") &&
        box.element.dataset.autosaveUrl === this.element.dataset.autosaveUrl &&
        box.element.compareDocumentPosition(this.element) & Node.DOCUMENT_POSITION_FOLLOWING &&
        box.isWorking(),
    );
    return Promise.allSettled(above.map((box) => box.save()));
  }

  // Under way, or to be sent as soon as the person pauses; what has failed waits for its own next try.
  isWorking() {
    return Boolean(this.saving) || (this.isDirty && !this.tries && !this.hasOpenConflict());
  }

  async send(isLeaving) {
    this.say(words.saving, "saving");
    let response, answer;
    try {
      response = await fetch(this.element.dataset.autosaveUrl, {
        method: "POST",
        body: this.sent(),
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
        keepalive: isLeaving,
        redirect: "manual",
      });
      answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
    } catch {
      return this.retry();
    }
    // Sent elsewhere: to sign in, because the session or its token is gone.
    if (response.type === "opaqueredirect") return this.signedOut({ said: words.signedOut });
    if (!answer) return response.status >= 500 ? this.retry() : this.stop(words.reload);
    return this.take(answer);
  }

  take(answer) {
    this.tries = 0;
    this.isCut = false;
    switch (answer.state) {
      case "saved":
        return this.saved(answer);
      case "too_long":
        return this.tooLong(answer);
      case "empty":
        this.forget();
        return this.say("", "");
      case "invalid":
        this.stand(answer);
        return this.say([answer.said, ...answer.errors].join(": "), "error", true);
      case "conflict":
        return this.conflict(answer);
      case "signed_out":
        return this.signedOut(answer);
      default:
        return this.stop([answer.said, ...(answer.errors || [])].join(" "));
    }
  }

  saved(answer) {
    this.stand(answer);
    this.element.querySelectorAll("[data-conflict]").forEach((box) => box.remove());
    this.element.classList.remove("question--error");
    this.element.querySelectorAll('[data-field="validation"]').forEach((box) => box.remove());
    if (!this.isDirty) {
      this.forget();
      this.say([answer.said, ...(answer.notices || [])].join(". "), answer.notices ? "notice" : "saved", Boolean(answer.notices));
    }
  }

  // Saved as it is, and still to be put right before anybody can send.
  tooLong(answer) {
    this.stand(answer);
    if (this.isDirty) return;
    this.forget();
    this.say([answer.said, ...answer.errors].join(". "), "error", true);
  }

  // Stays on the page: the next save would otherwise wipe it out before anybody has read it.
  tellVoided({ said, url, link }) {
    const line = Object.assign(document.createElement("p"), { className: "autosave" });
    line.dataset.kind = "notice";
    line.append(said, " ", Object.assign(document.createElement("a"), { className: "ds-link", href: url, textContent: link }));
    this.state?.before(line);
    if (voice) voice.textContent = said;
  }

  stand(answer) {
    const version = this.element.querySelector("[data-autosave-version]");
    const was = this.element.querySelector("[data-autosave-was]");
    if (version && answer.version !== undefined) version.value = answer.version;
    if (was && answer.was !== undefined) was.value = answer.was;
    if (answer.voided) this.tellVoided(answer.voided);
    this.showParts(answer.parts || {});
    for (const [name, value] of Object.entries(answer.hidden || {})) {
      const field = this.element.querySelector(`[name="${name}"]`);
      if (field) field.value = value;
    }
  }

  // What the save changed elsewhere on the page (sums), as the server says it.
  showParts(parts) {
    for (const [id, html] of Object.entries(parts)) {
      const drawn = this.drawn(html);
      for (const part of document.querySelectorAll(`#${id}, [data-part="${id}"]`)) {
        // The same words again would be read aloud again.
        if (part.textContent.trim() !== drawn.textContent.trim()) part.replaceChildren(drawn.cloneNode(true));
      }
    }
  }

  retry() {
    this.isDirty = true;
    this.isCut = true;
    const wait = RETRY[Math.min(this.tries, RETRY.length - 1)];
    this.tries += 1;
    this.say(words.failed, "error", this.tries === 1);
    this.button(words.retry, () => this.save());
    this.timer = setTimeout(() => this.save(), wait);
  }

  button(text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ds-link";
    button.textContent = text;
    button.addEventListener("click", act);
    this.state.append(" ", button);
  }

  stop(text) {
    this.isDirty = true;
    this.isCut = false;
    this.tries = 1;
    this.keep();
    this.say(text, "error", true);
  }

  signedOut(answer) {
    this.stop(answer.said);
    const link = document.createElement("a");
    link.className = "ds-link";
    link.href = `${words.loginUrl}?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = words.login;
    link.target = "_blank";
    this.state.append(" ", link, " ");
    this.button(words.retry, () => this.save());
  }

  // --- two editors on one field -------------------------------------------------------------------

  hasOpenConflict() {
    return [...this.element.querySelectorAll("[data-conflict]")].some((box) => !box.querySelector("input[type=radio]:checked"));
  }

  conflict(answer) {
    this.isDirty = true;
    this.keep();
    const version = this.element.querySelector("[data-autosave-version]");
    // The other cells of the row are saved: the page stands on what they hold now.
    if (version && answer.base !== undefined) version.value = answer.base;
    this.element.querySelectorAll("[data-conflict]").forEach((box) => box.remove());
    const place = this.element.querySelector("[data-conflict-place]");
    if (place) place.append(this.drawn(answer.box));
    else if (answer.box) this.state.before(this.drawn(answer.box));
    // Of a row, each choice stands after its own cell.
    for (const [name, html] of Object.entries(answer.boxes || {})) {
      this.element.querySelector(`[data-conflict-at="${CSS.escape(name)}"]`)?.append(this.drawn(html));
    }
    this.theirs = answer;
    this.showParts(answer.parts || {});
    this.say(answer.said, "error", true);
  }

  drawn(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content;
  }

  choose(value, radio) {
    if (radio.dataset.conflictFields !== undefined) return this.chooseCell(JSON.parse(radio.dataset.conflictFields));
    if (value === "mine") {
      if (this.hasOpenConflict()) return;
      this.isDirty = true;
      this.save();
      return;
    }
    // Theirs: an answer can be put in place here; a row is read anew with the page.
    if (!this.theirs?.fields) {
      this.forget();
      location.reload();
      return;
    }
    this.put(this.theirs.fields);
    this.isDirty = false;
    this.saved({ ...this.theirs, said: "" });
  }

  // What somebody else stored in one cell goes into its fields; the rest is saved when every cell has been chosen about.
  chooseCell(shown) {
    this.put(shown);
    if (this.hasOpenConflict()) return;
    this.isDirty = true;
    this.save();
  }

  put(shown) {
    for (const field of this.fields()) {
      if (!(field.name in shown)) continue;
      const value = shown[field.name];
      const values = (Array.isArray(value) ? value : [value]).map(String);
      if (["checkbox", "radio"].includes(field.type)) {
        field.checked = value === true || values.includes(field.value);
      } else {
        field.value = Array.isArray(value) ? values.join("\n") : value ?? "";
      }
    }
  }

  // The button was pressed, and the portal could not read what the page shows: only this browser has it.
  isRefused() {
    return !document.querySelector("[data-conflict]") && Boolean(this.element.querySelector('[data-field="validation"]'));
  }

  // --- text from last time ---------------------------------------------------------------------------

  restore() {
    const kept = localStorage.getItem(this.name);
    if (!kept) return false;
    const data = new URLSearchParams(kept);
    const [hidden, shown] = [[], []];
    for (const field of this.fields()) (field.type === "hidden" ? hidden : shown).push(field);
    if (!shown.map((field) => this.putBack(field, data)).includes(true)) {
      this.forget();
      return false;
    }
    // The text stands on the version that it was written on: what others have stored since is then asked about.
    hidden.filter((field) => field.matches("[data-autosave-version], [data-autosave-was]")).forEach((field) => this.putBack(field, data));
    this.isDirty = true;
    this.say(words.restored, "waiting", true);
    this.timer = setTimeout(() => this.save(), PAUSE);
    return true;
  }

  // Gives the field its kept value, and says whether that was another than it had.
  putBack(field, data) {
    const values = data.getAll(field.name);
    const isBox = ["checkbox", "radio"].includes(field.type);
    const before = isBox ? field.checked : field.value;
    if (isBox) field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
    return (isBox ? field.checked : field.value) !== before;
  }
}

const boxOf = (element) => {
  const holder = element.closest?.("[data-autosave-url]");
  if (!holder) return null;
  if (!boxes.has(holder)) boxes.set(holder, new Box(holder));
  return boxes.get(holder);
};

if (words) {
  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-conflict]")) return;
    boxOf(event.target)?.touch();
  });
  document.addEventListener("change", (event) => {
    const box = boxOf(event.target);
    if (!box) return;
    if (event.target.closest("[data-conflict]")) box.choose(event.target.value, event.target);
    else if (!event.target.matches('[name$="-DELETE"]')) box.touch();
  });
  document.addEventListener("focusout", (event) => {
    const box = boxOf(event.target);
    if (box && !box.element.contains(event.relatedTarget)) box.save();
  });
  // A new row gets its key here, so that a request sent twice makes one row.
  document.addEventListener("formset:added", (event) => {
    const box = boxOf(event.target);
    const key = event.target.querySelector("[data-row-key]");
    if (key) key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
    if (!box) return;
    box.element.dataset.autosavePrefix = key.name.replace(/-key$/, "");
  });
  // A form that cannot be sent stays on the page with a sentence; the browser's own page would have no text.
  const staysHere = (form) => {
    const isCut = !navigator.onLine || [...boxes.values()].some((box) => box.isCut);
    let alert = form.querySelector("[data-cut]");
    if (!isCut) {
      alert?.remove();
      return false;
    }
    if (!alert) {
      alert = Object.assign(document.createElement("p"), { className: "autosave" });
      Object.assign(alert.dataset, { cut: "", kind: "error" });
      alert.setAttribute("role", "alert");
      form.querySelector("[type=submit]:last-of-type")?.before(alert);
    }
    alert.textContent = words.offline;
    return true;
  };
  // The button first lets what was typed be saved, so that the page does not meet its own autosave as somebody else's,
  // and no copy of what is sent stays behind in this browser.
  document.addEventListener(
    "submit",
    async (event) => {
      if (!event.target.matches(".draft-form") || event.target.dataset.calm) return;
      boxes.forEach((box) => clearTimeout(box.timer));
      if (navigator.onLine && ![...boxes.values()].some((box) => box.isWorking() || box.isCut)) {
        event.target.dataset.leaving = "yes";
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      await Promise.allSettled([...boxes.values()].map((box) => box.saving));
      await Promise.allSettled([...boxes.values()].filter((box) => box.isWorking() || box.isCut).map((box) => box.save()));
      if (staysHere(event.target)) return;
      event.target.dataset.calm = "yes";
      event.target.dataset.leaving = "yes";
      event.target.requestSubmit(event.submitter);
      delete event.target.dataset.calm;
    },
    true,
  );
  // A link or another form of the page waits for what is being saved: the page that comes would else show the text as it
  // was before. After two seconds it goes on, and the copy in this browser is put back when somebody returns.
  const settled = () => {
    const saves = [...boxes.values()].filter((box) => box.isWorking()).map((box) => box.save());
    return Promise.race([Promise.allSettled(saves), new Promise((done) => setTimeout(done, WAIT))]);
  };
  const isBusy = () => [...boxes.values()].some((box) => box.isWorking());
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (form.matches(".draft-form") || form.dataset.calm || !isBusy()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      await settled();
      form.dataset.calm = "yes";
      form.requestSubmit(event.submitter);
      delete form.dataset.calm;
    },
    true,
  );
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    const opensElsewhere = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link?.target;
    if (!link || event.defaultPrevented || opensElsewhere || link.getAttribute("href").startsWith("#") || !isBusy()) return;
    event.preventDefault();
    await settled();
    location.assign(link.href);
  });
  addEventListener("pagehide", () => {
    if (document.querySelector(".draft-form[data-leaving]")) return;
    boxes.forEach((box) => (box.isDirty || box.isWaiting) && box.save({ isLeaving: true }));
  });
  addEventListener("online", () => {
    document.querySelectorAll("[data-cut]").forEach((alert) => alert.remove());
    boxes.forEach((box) => box.isDirty && box.save());
  });
  const isPlainRead = !document.querySelector("[data-error-summary], [data-conflict]");
  document.querySelectorAll("[data-autosave-url]").forEach((element) => {
    const box = boxOf(element);
    if (words.givesBack !== undefined) box.touch();
    else if (isPlainRead) box.restore();
    else if (box.isRefused()) box.keep();
    else box.forget();
  });
}
