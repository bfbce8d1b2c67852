// The workbench by keyboard: 1–5 mark the current criterion and go to the next, N not applicable, C comment, J/K next
// and previous case, S save and next (Ctrl+Enter also inside a text field), D save as draft, R step back, ? all keys.
// A mark of 1 or 5 opens the field for its reason. Keys never work inside a text field.
"use strict";
(() => {
  const desk = document.querySelector("[data-workbench]");
  if (!desk) return;
  const form = document.getElementById("review");
  const criteria = () => [...desk.querySelectorAll("[data-criterion]")];
  let at = -1;

  function currentIndex() {
    const focused = document.activeElement && document.activeElement.closest("[data-criterion]");
    if (focused) return criteria().indexOf(focused);
    if (at >= 0) return at;
    const unmarked = criteria().findIndex((one) => !one.querySelector("input[type=radio]:checked"));
    return Math.max(unmarked, 0);
  }

  function point(index) {
    at = Math.min(Math.max(index, 0), criteria().length - 1);
    const one = criteria()[at];
    if (!one) return;
    const input = one.querySelector("input[type=radio]:checked") || one.querySelector("input[type=radio]");
    input.focus();
  }

  function mark(value) {
    if (!form) return;
    const index = currentIndex();
    const input = criteria()[index].querySelector(`input[type=radio][value="${value}"]`);
    if (!input) return;
    input.checked = true;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    point(index + 1);
  }

  function go(step) {
    const items = [...desk.querySelectorAll("a.queue-item")];
    const here = items.findIndex((item) => item.getAttribute("aria-current"));
    const item = here < 0 ? items[0] : items[here + step];
    if (item) item.click();
  }

  function dialog(id) {
    const box = document.getElementById(id);
    if (box) box.togglePopover();
  }

  const acts = {
    n: () => mark("na"),
    c: () => form && form.elements.namedItem("comment").focus(),
    j: () => go(1),
    k: () => go(-1),
    s: () => form && form.requestSubmit(),
    d: () => form && form.requestSubmit(form.querySelector("button[formaction]")),
    r: () => dialog("recuse"),
    "?": () => dialog("keys"),
  };
  for (const value of ["1", "2", "3", "4", "5"]) acts[value] = () => mark(value);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]")) return;
    const act = acts[event.key] || acts[event.key.toLowerCase()];
    if (!act || (document.querySelector("[popover]:popover-open") && !["r", "?"].includes(event.key.toLowerCase()))) return;
    event.preventDefault();
    act();
  });

  desk.addEventListener("input", (event) => {
    const one = event.target.closest("[data-criterion]");
    if (!one || event.target.type !== "radio") return;
    if (["1", "5"].includes(event.target.value)) one.querySelector("details").open = true;
  });
})();
