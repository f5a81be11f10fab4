"use strict";

// Fetches what the map shows, and then starts the scripts that show it, in their order.
(async () => {
  const { source, scripts } = document.currentScript.dataset;
  const title = document.getElementById("title");
  title.textContent = "Loading the map …";
  try {
    const answer = await fetch(source);
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const data = document.createElement("script");
    data.type = "application/json";
    data.id = "data";
    data.textContent = await answer.text();
    document.body.append(data);
  } catch (error) {
    title.textContent = `The map cannot be loaded: ${error.message}.`;
    return;
  }
  scripts.trim().split(" ").forEach((address) => {
    const script = document.createElement("script");
    script.src = address;
    script.async = false;
    document.body.append(script);
  });
})();
