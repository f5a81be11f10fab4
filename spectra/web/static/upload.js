"use strict";

// Says of a file that is too large before it is sent: the server hangs up on it.
document.querySelectorAll("input[type=file][data-largest]").forEach((input) => {
  input.addEventListener("change", () => {
    const large = [...input.files].find((file) => file.size > Number(input.dataset.largest) * 1e6);
    const size = large && (large.size / 1e6).toFixed(0);
    input.setCustomValidity(large ? `${large.name} has ${size} MB; ${input.dataset.largest} MB are the most.` : "");
    input.reportValidity();
  });
});
