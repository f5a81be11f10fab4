"use strict";

// What a map can do besides where there is a server: lay out any selection by itself, and list it as a query.
(() => {
  const { map, token, fewest } = document.body.dataset;
  const EVERY = 500; // ms

  const again = made("button", "Lay out the selected", { type: "button", id: "again" });
  const stop = made("button", "Stop", { type: "button", id: "again-stop", hidden: "" });
  const list = made("a", "List the selected", { id: "as-list" });
  const progress = made("progress", null, { id: "again-progress", hidden: "", "aria-label": "Progress of the layout" });
  const box = made("div", null, { class: "buttons" });
  if (token) box.append(again, stop);
  box.append(list);
  at("copy-query").parentElement.before(box, progress);

  const recorded = () => chosenRows().filter((row) => DATA.records[row] !== null);
  let running = null;

  function offer() {
    const rows = recorded();
    again.disabled = running !== null || rows.length < Number(fewest);
    again.title = again.disabled ? `Select ${fewest} or more points of measurements on record` : "";
    const listed = rows.length > 0 && rows.length <= DATA.mostValues;
    list.hidden = !listed;
    if (listed) list.href = `/measurements?query=${encodeURIComponent(queriesOf(rows).text)}`;
  }

  async function asked(address, fields) {
    const body = fields && new URLSearchParams(fields);
    const answer = await fetch(address, { method: fields ? "POST" : "GET", body, headers: { "X-Spectra-Token": token } });
    if (!answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = [...page.querySelectorAll(".fault p")].map((line) => line.textContent).join(" ");
      throw new Error(told || `The server answered ${answer.status}.`);
    }
    return answer;
  }

  async function layOut() {
    const rows = recorded();
    const view = here();
    const trailThen = trail;
    running = "asking";
    offer();
    say(`Laying out ${grouped(rows.length)} points …`);
    try {
      running = (await (await asked(`/map/${map}/layout`, { rows: rows.join(",") })).json()).job;
      stop.hidden = false;
      const job = await ended(running);
      if (job.state !== "done") throw new Error(job.fault || "Stopped.");
      const { rows: laid, x, y } = await (await asked(`/map/${running}/places.json`)).json();
      const base = trail === trailThen || here() === view ? trail : [trail[0]];
      go([...base, { name: `Laid out again`, rows: laid, x, y }]);
      select(laid.filter((row) => selected.has(row)));
      say(`${grouped(laid.length)} points, laid out by themselves.`);
    } catch (error) {
      say(error.message);
    }
    running = null;
    stop.hidden = true;
    progress.hidden = true;
    offer();
  }

  async function ended(id) {
    for (;;) {
      const job = await (await asked(`/jobs/${id}.json`)).json();
      if (job.state !== "queued" && job.state !== "running") return job;
      const stage = job.stages[job.stages.length - 1];
      progress.hidden = false;
      if (stage && stage.total) {
        progress.max = stage.total;
        progress.value = stage.done;
      } else progress.removeAttribute("value");
      await new Promise((done) => setTimeout(done, EVERY));
    }
  }

  again.addEventListener("click", layOut);
  stop.addEventListener("click", () => asked(`/jobs/${running}/stop`, {}).catch((error) => say(error.message)));
  document.addEventListener("selection", offer);
  offer();
})();
