// The workbench by keyboard: 1–5 mark the current criterion and go to the next (after the last one 1–3 say how sure
// one is), N not applicable, W the reason of the last 1 or 5, C comment, J/K next and previous case, L put off,
// S save and next (Ctrl+Enter also inside a text field), D save as draft, R step back, ? all keys, Esc leaves a field.
// While the dialog of stepping back is open, 1–4 choose the tie, A and T the other two ways; Enter says so.
// Keys never work inside a text field, and never with Ctrl, Alt or Meta.
"use strict";
(() => {
  const desk = document.querySelector("[data-workbench]");
  if (!desk) return;
  const form = document.getElementById("review");
  const steps = () => [...desk.querySelectorAll("[data-criterion], [data-confidence]")];
  const radios = (step) => [...step.querySelectorAll("input[type=radio]")];
  let at = -1;
  if (desk.dataset.address) history.replaceState(null, "", desk.dataset.address); // the way in showed a case

  function currentIndex() {
    const focused = document.activeElement && document.activeElement.closest("[data-criterion], [data-confidence]");
    if (focused) return steps().indexOf(focused);
    if (at >= 0) return at;
    const unmarked = steps().findIndex((step) => !radios(step).some((input) => input.checked));
    return Math.max(unmarked, 0);
  }

  function point(index) {
    at = Math.min(Math.max(index, 0), steps().length - 1);
    const step = steps()[at];
    if (!step) return;
    const input = radios(step).find((one) => one.checked) || radios(step)[0];
    if (input) input.focus();
  }

  function mark(value) {
    if (!form) return;
    const index = currentIndex();
    const step = steps()[index];
    const input = step && radios(step).find((one) => one.value === value);
    if (!input) return;
    input.checked = true;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    point(index + 1);
  }

  function giveReason() {
    const places = steps().map((step, place) => ({ place, step })).filter(({ step }) => step.querySelector("textarea") && radios(step).some((one) => one.checked && ["1", "5"].includes(one.value)));
    const last = places.filter(({ place }) => place <= currentIndex()).pop() || places[0];
    if (!last) return;
    last.step.querySelector("details").open = true;
    last.step.querySelector("textarea").focus();
    at = last.place;
  }

  function go(direction) {
    const address = desk.dataset[direction];
    if (address) location.assign(address);
  }

  function press(button) {
    if (button) button.click();
  }

  function dialog(id) {
    const box = document.getElementById(id);
    if (box) box.togglePopover();
  }

  const acts = {
    n: () => mark("na"),
    w: giveReason,
    c: () => form && form.elements.namedItem("comment") && form.elements.namedItem("comment").focus(),
    j: () => go("next"),
    k: () => go("previous"),
    l: () => press(form && form.querySelector("button[form=skip]")),
    s: () => form && form.querySelector("button[data-hand-in]") && form.requestSubmit(),
    d: () => press(form && form.querySelector("button[data-draft]")),
    r: () => dialog("recuse"),
    "?": () => dialog("keys"),
  };
  for (const value of ["1", "2", "3", "4", "5"]) acts[value] = () => mark(value);

  function inRecuse(box, key) {
    const ties = [...box.querySelectorAll("input[name=tie]")];
    const tie = ties[Number(key) - 1];
    if (tie) {
      tie.checked = true;
      box.querySelector("button[value=recuse]").focus();
      return true;
    }
    const way = { a: "abstain", t: "decline" }[key];
    const button = way && box.querySelector(`button[value=${way}]`);
    if (button) button.focus();
    return Boolean(button);
  }

  function isText(target) {
    return target.closest("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]");
  }

  document.addEventListener("keydown", (event) => {
    const open = document.querySelector("[popover]:popover-open");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form && !open) {
      event.preventDefault();
      acts.s();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.isComposing) return;
    if (isText(event.target)) {
      if (event.key !== "Escape" || open || !event.target.closest("#review")) return;
      const step = event.target.closest("[data-criterion]");
      event.target.blur();
      if (step) point(steps().indexOf(step) + 1);
      return;
    }
    const key = event.key.toLowerCase();
    if (open) {
      const closes = { r: "recuse", "?": "keys" }[key] === open.id;
      if (closes) open.hidePopover();
      if (closes || (open.id === "recuse" && inRecuse(open, key))) event.preventDefault();
      return;
    }
    const act = acts[key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  desk.addEventListener("input", (event) => {
    const step = event.target.closest("[data-criterion]");
    if (!step || event.target.type !== "radio") return;
    const reason = step.querySelector("details");
    if (reason && ["1", "5"].includes(event.target.value)) reason.open = true;
  });

  const here = desk.querySelector(".queue-item[aria-current]");
  if (here) here.scrollIntoView({ block: "nearest", inline: "nearest" });
})();
