"use strict";

// Renews what a page says of a job, from the same page; without this script the page renews itself as a whole.
(() => {
  const box = document.getElementById("job");
  const EVERY = 1000; // ms

  async function renew() {
    let fresh;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("job");
      if (!fresh) throw new Error("the server answered with another page");
    } catch (error) {
      say(`The server does not answer (${error.message}); trying again.`);
      setTimeout(renew, 5 * EVERY);
      return;
    }
    if (fresh.dataset.going === "no") {
      if (fresh.dataset.result) location.replace(fresh.dataset.result);
      else location.reload();
      return;
    }
    const open = box.querySelector("details")?.open;
    const state = fresh.querySelector("#job-state").textContent;
    say(state);
    fresh.querySelector("#job-state").replaceWith(document.getElementById("job-state"));
    box.replaceChildren(...fresh.childNodes);
    if (open) box.querySelector("details").open = true;
    setTimeout(renew, EVERY);
  }

  // Only what has changed is written, so that a screen reader says it once.
  function say(text) {
    const line = document.getElementById("job-state");
    if (line.textContent !== text) line.textContent = text;
  }

  setTimeout(renew, EVERY);
})();
