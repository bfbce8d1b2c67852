// A control that the address names (#id_line) is where one goes on typing; not every browser puts the focus there.
"use strict";
(() => {
  const control = document.getElementById(location.hash.slice(1));
  if (control && control.matches("input, select, textarea")) control.focus();
})();
