// form[data-autosave="ADDRESS"] is posted there two seconds after the last change, and when the page is left.
// [data-autosave-status] (a role=status beside the heading, or inside the form) says how it went, in the words of
// its data-saving, data-saved ("{time}" becomes the time) and data-failed. Any 2xx answer is a success; a JSON body
// {"fields": {name: value}} writes back what only the server knows, such as the draft's key or its version.
"use strict";
(() => {
  const PAUSE = 2000;

  function status(form, kind) {
    const place = document.querySelector(`[data-autosave-status="${form.getAttribute("id")}"]`) || form.querySelector("[data-autosave-status]");
    if (!place) return;
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date());
    const words = place.querySelector("[data-autosave-words]") || place;
    words.textContent = (place.dataset[kind] || "").replace("{time}", time);
    place.hidden = false;
  }

  function body(form) {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("autosave", "1");
    return data;
  }

  async function save(form) {
    clearTimeout(form.autosaveTimer);
    if (form.dataset.sent || !form.dataset.changed) return;
    if (form.autosaveRunning) {
      form.autosaveAgain = true;
      return;
    }
    form.autosaveRunning = true;
    delete form.dataset.changed;
    status(form, "saving");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: body(form), credentials: "same-origin", redirect: "manual",
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) {
        const { fields = {} } = await answer.json();
        for (const [name, value] of Object.entries(fields)) {
          const input = form.elements.namedItem(name);
          if (input && "value" in input) input.value = value;
        }
      }
      status(form, "saved");
    } catch {
      form.dataset.changed = "yes";
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
    clearTimeout(form.autosaveTimer);
    form.autosaveTimer = setTimeout(() => save(form), PAUSE);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    for (const form of document.querySelectorAll("form[data-autosave][data-changed]")) {
      if (form.dataset.sent) continue;
      if (navigator.sendBeacon(form.dataset.autosave, body(form))) delete form.dataset.changed;
    }
  });
  window.addEventListener("online", () => {
    for (const form of document.querySelectorAll("form[data-autosave][data-changed]")) save(form);
  });
})();
