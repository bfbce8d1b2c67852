// form[data-submit-on-change]: choosing from a list shows it at once; without JavaScript the form has a button.
"use strict";
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && form.matches("form[data-submit-on-change]")) form.requestSubmit();
});
