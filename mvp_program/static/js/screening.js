// The screening list by keyboard: P pass, F fail (needs its reason), U unsure, J/K next and previous line, O open or
// close, Z undo the last verdict. Never inside a text field or list of choices, never with Ctrl, Alt or Meta.
"use strict";
(() => {
  const list = document.querySelector("[data-screen]");
  if (!list) return;
  const lines = () => [...list.querySelectorAll(":scope > li > details")];

  function current() {
    const focused = document.activeElement && document.activeElement.closest("[data-screen] details");
    return focused || lines().find((line) => line.open) || lines()[0];
  }

  function show(line) {
    if (!line) return;
    for (const other of lines()) other.open = other === line;
    line.querySelector("summary").focus();
    line.scrollIntoView({ block: "nearest" });
  }

  function give(verdict) {
    const line = current();
    const form = line && line.querySelector("form[data-verdict]");
    if (!form) return;
    const reason = form.elements.namedItem("reason_code");
    if (verdict === "fail" && !reason.value) {
      show(line);
      reason.focus();
      return;
    }
    form.requestSubmit(form.querySelector(`button[value="${verdict}"]`));
  }

  const acts = {
    p: () => give("pass"),
    f: () => give("fail"),
    u: () => give("unsure"),
    j: () => show(lines()[lines().indexOf(current()) + 1]),
    k: () => show(lines()[lines().indexOf(current()) - 1]),
    o: () => {
      const line = current();
      if (line) line.open = !line.open;
    },
    z: () => {
      const undo = document.querySelector("form[data-undo]");
      if (undo) undo.requestSubmit();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const open = lines().find((line) => line.open);
  if (open && location.hash) open.querySelector("summary").focus({ preventScroll: false });
})();
