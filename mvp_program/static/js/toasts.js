// A toast can be put away (Escape, or its button), and a request of htmx that fails says so.
"use strict";
(() => {
  const area = document.querySelector(".toast-area");
  if (!area) return;
  const failed = document.getElementById("request-failed");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const toast of area.querySelectorAll(".toast")) toast.hidden = true;
  });
  area.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest(".toast").hidden = true;
  });
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, () => { failed.hidden = false; });
  }
  document.addEventListener("htmx:afterSwap", () => { failed.hidden = true; });
})();
