// details.facets is folded on small screens and open on wide ones. Style alone opens it where ::details-content is
// known; this opens it elsewhere, and sends form[data-auto-submit] when a box in it is changed on a wide screen.
"use strict";
(() => {
  const wide = window.matchMedia("(width >= 60rem)");
  function settle() {
    for (const facets of document.querySelectorAll("details.facets")) if (wide.matches) facets.open = true;
  }
  settle();
  wide.addEventListener("change", settle);
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.matches("form[data-auto-submit]") && wide.matches) form.requestSubmit();
  });
})();
