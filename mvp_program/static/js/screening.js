// The screening list and the ballot by keyboard: the key that each button of a line names (P pass, F fail, U unsure; + 0 −),
// F goes to the list of reasons, where the digit of a reason chooses it and fails the case;
// J/K next and previous line, O open or close, Z undo the last one. Never inside a text field or list of choices, never with Ctrl, Alt or Meta.
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

  // Presses the button of the current line that has this key; one that lacks what it needs opens that field instead.
  function press(key) {
    const line = current();
    const form = line && line.querySelector("form[data-verdict]");
    const button = form && [...form.querySelectorAll("[data-key]")].find((one) => one.dataset.key.split(" ").includes(key));
    if (!button) return false;
    const needed = button.dataset.needs && form.elements.namedItem(button.dataset.needs);
    if (needed && !needed.value.trim()) {
      show(line);
      needed.focus();
    } else {
      form.requestSubmit(button);
    }
    return true;
  }

  const acts = {
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

  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !event.target.matches("select[name=reason_code]")) return;
    const option = [...event.target.options].find((one) => one.dataset.digit && one.dataset.digit === event.key);
    if (!option) return;
    event.preventDefault();
    event.target.value = option.value;
    press("f");
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const key = event.key.toLowerCase();
    if (acts[key]) acts[key]();
    else if (!press(key)) return;
    event.preventDefault();
  });

  const open = lines().find((line) => line.open);
  if (open && location.hash) open.querySelector("summary").focus({ preventScroll: false });
})();
