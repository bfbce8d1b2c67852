// Checking copies by keyboard: A approves and goes on, J/K next and previous. Never inside a text field, never with
// Ctrl, Alt or Meta.
"use strict";
(() => {
  const page = document.querySelector("[data-copies]");
  const form = document.getElementById("copy");
  if (!page || !form) return;
  const go = (address) => address && location.assign(address);
  const acts = {
    a: () => form.querySelector("button[type=submit]:not([disabled])") && form.requestSubmit(),
    j: () => go(page.dataset.next),
    k: () => go(page.dataset.previous),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("textarea, select, input:not([type=checkbox]), [contenteditable]")) return;
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
