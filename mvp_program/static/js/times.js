// time[datetime][data-local] is shown in the reader's own zone; the server's words stay as the title.
// Without JavaScript the server's words (with their zone) stand alone; [data-own-time] around it stays hidden then.
"use strict";
(() => {
  const lang = document.documentElement.lang;
  let withTime; // made for the first time on a page: it costs a telephone a fifth of a second
  function show(root) {
    for (const place of root.querySelectorAll("time[datetime][data-local]:not([title])")) {
      const moment = new Date(place.dateTime);
      if (Number.isNaN(moment.valueOf())) continue;
      withTime ||= new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
        day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
      });
      place.title = place.textContent.trim();
      place.textContent = withTime.format(moment);
      const beside = place.closest("[data-own-time]"); // the program's own words stand before it
      const clock = (words) => (words.match(/\d{1,2}:\d{2}/) || [words])[0];
      if (beside) beside.hidden = clock(place.title) === clock(place.textContent);
    }
  }
  show(document);
  document.addEventListener("htmx:load", (event) => show(event.target));
})();
