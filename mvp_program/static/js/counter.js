// [data-counter="ID"] counts the characters of the control ID while they are typed, in the words of data-words.
// Counts as the server does: by code point, a line end being two characters as in the sent form.
"use strict";
document.addEventListener("input", (event) => {
  const place = document.querySelector(`[data-counter="${CSS.escape(event.target.id || "-")}"]`);
  if (!place) return;
  const format = new Intl.NumberFormat(document.documentElement.lang).format;
  const used = [...event.target.value.replace(/\r?\n/g, "\r\n")].length;
  place.textContent = place.dataset.words.replace("{used}", format(used)).replace("{limit}", format(Number(place.dataset.limit)));
});
