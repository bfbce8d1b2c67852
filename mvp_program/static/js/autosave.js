// form[data-autosave="ADDRESS"] is posted there two seconds after the last change, eight after the first one that is
// not saved, and when the page is left. [data-autosave-status] (a role=status beside the heading, or inside the form)
// says how it went, in the words of its data-saving, data-saved ("{time}" becomes the time) and data-failed. Any 2xx
// answer is a success; a JSON body {"fields": {name: value}} writes back what only the server knows, such as the
// draft's key or its version. A refusal with {"sentence": …} is shown in its words and not tried again.
//
// data-keep="WHO" on the form: what could not be saved (signed out, no network) also stays in this browser, for that
// person alone and for a week, and is filled in and saved when the page is open again. Its status has data-signed-out,
// data-kept and data-gone, a link [data-autosave-sign-in] and a button [data-autosave-compare] for two versions.
// A page with [data-sent-arrived] follows a form that was taken: what was kept when it was sent goes away.
"use strict";
(() => {
  const PAUSE = 2000;
  const LONGEST = 8000;
  const WEEK = 7 * 24 * 3600 * 1000;
  const PREFIX = "kept:";

  function place(form) {
    return document.querySelector(`[data-autosave-status="${form.getAttribute("id")}"]`) || form.querySelector("[data-autosave-status]");
  }

  function status(form, kind, sentence) {
    const box = place(form);
    if (!box) return;
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date());
    const words = box.querySelector("[data-autosave-words]") || box;
    words.textContent = sentence || (box.dataset[kind] || box.dataset.failed || "").replace("{time}", time);
    box.hidden = false;
    for (const [name, shown] of [["sign-in", kind === "signedOut"], ["compare", kind === "compare"]]) {
      const more = box.querySelector(`[data-autosave-${name}]`);
      if (more) more.hidden = !shown;
    }
  }

  function body(form) {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("autosave", "1");
    return data;
  }

  function drawer(work) {
    try {
      return work(window.localStorage);
    } catch {
      return null; // no storage here: the page goes on without
    }
  }

  function shelf(form) {
    return `${PREFIX}${form.dataset.keep}:${form.dataset.autosave}`;
  }

  function keep(form, sent) {
    if (!form.dataset.keep) return;
    const fields = [...body(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "autosave");
    drawer((store) => store.setItem(shelf(form), JSON.stringify({ at: Date.now(), sent, fields })));
  }

  function drop(form) {
    if (form.dataset.keep) drawer((store) => store.removeItem(shelf(form)));
  }

  function fill(form, fields) {
    const control = (name) => form.elements.namedItem(name);
    const differs = ([name, value]) => control(name) && control(name).value !== value;
    if (!fields.some((field) => field[0] !== "version" && differs(field))) return false;
    // With the version it was typed over: who saved since, in another window, is asked and not overwritten.
    for (const [name, value] of fields) if (control(name)) control(name).value = value;
    return true;
  }

  function restore(form) {
    const found = drawer((store) => JSON.parse(store.getItem(shelf(form)) || "null"));
    if (!found) return;
    if (!fill(form, found.fields)) {
      drop(form);
      return;
    }
    for (const more of form.querySelectorAll("details")) {
      if ([...more.querySelectorAll("textarea")].some((text) => text.value)) more.open = true;
    }
    status(form, "kept");
    form.dataset.changed = "yes";
    save(form);
  }

  function tidy(shown) {
    drawer((store) => {
      for (const name of Object.keys(store)) {
        if (!name.startsWith(PREFIX) || shown.includes(name)) continue;
        const { at, sent } = JSON.parse(store.getItem(name));
        const arrived = sent && document.querySelector("[data-sent-arrived]");
        if (Date.now() - at > WEEK || arrived) store.removeItem(name);
      }
    });
  }

  async function refusal(form, answer) {
    keep(form, false);
    if (answer.type === "opaqueredirect") return status(form, "signedOut");
    if (answer.status === 403 && form.dataset.keep && form.dataset.wasSignedOut) return location.reload();
    const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    const { sentence = "", compare = false } = json ? await answer.json() : {};
    if (sentence) {
      form.dataset.refused = "yes";
      return status(form, compare ? "compare" : "refused", sentence);
    }
    return status(form, answer.status === 404 ? "gone" : "failed");
  }

  async function save(form) {
    clearTimeout(form.autosaveTimer);
    if (form.dataset.sent || !form.dataset.changed) return;
    if (form.autosaveRunning) {
      form.autosaveAgain = true;
      return;
    }
    form.autosaveRunning = true;
    form.autosaveSince = 0;
    delete form.dataset.changed;
    status(form, "saving");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: body(form), credentials: "same-origin", redirect: "manual",
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      });
      if (answer.ok) {
        if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) {
          const { fields = {} } = await answer.json();
          for (const [name, value] of Object.entries(fields)) {
            const input = form.elements.namedItem(name);
            if (input && "value" in input) input.value = value;
          }
        }
        delete form.dataset.wasSignedOut;
        drop(form);
        status(form, "saved");
      } else {
        form.dataset.changed = "yes";
        await refusal(form, answer);
        if (answer.type === "opaqueredirect") form.dataset.wasSignedOut = "yes";
      }
    } catch {
      form.dataset.changed = "yes";
      keep(form, false);
      status(form, "failed");
    }
    form.autosaveRunning = false;
    if (form.autosaveAgain) {
      form.autosaveAgain = false;
      save(form);
    }
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !form.matches("form[data-autosave]")) return;
    form.dataset.changed = "yes";
    delete form.dataset.refused;
    form.autosaveSince = form.autosaveSince || Date.now();
    const longest = Math.max(0, LONGEST - (Date.now() - form.autosaveSince));
    clearTimeout(form.autosaveTimer);
    form.autosaveTimer = setTimeout(() => save(form), Math.min(PAUSE, longest));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // Signed out meanwhile, the form leads to the sign-in page: what was typed must be there afterwards.
    if (form.matches("form[data-autosave][data-keep]") && !event.defaultPrevented) keep(form, true);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") {
      for (const form of document.querySelectorAll("form[data-autosave][data-was-signed-out]")) save(form);
      return;
    }
    for (const form of document.querySelectorAll("form[data-autosave][data-changed]")) {
      if (form.dataset.sent || form.dataset.refused) continue;
      keep(form, false);
      if (navigator.sendBeacon(form.dataset.autosave, body(form))) delete form.dataset.changed;
    }
  });
  window.addEventListener("online", () => {
    for (const form of document.querySelectorAll("form[data-autosave][data-changed]")) save(form);
  });

  const keeping = [...document.querySelectorAll("form[data-autosave][data-keep]")];
  tidy(keeping.map(shelf));
  for (const form of keeping) restore(form);
})();
