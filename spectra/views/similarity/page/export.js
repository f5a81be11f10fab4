"use strict";

// Queries for 'spectra measurements list' and '--where', one a line: a query takes a limited number of values.
function queriesOf(rows) {
  const records = [...new Set(rows.map((row) => DATA.records[row]).filter((record) => record !== null))];
  const lines = [];
  for (let start = 0; start < records.length; start += DATA.mostValues) {
    lines.push(`id=${records.slice(start, start + DATA.mostValues).join("|")}`);
  }
  return { text: lines.join("\n"), count: records.length, lines: lines.length };
}

// The selection as RFC 4180 has it.
function csvOf(rows) {
  const head = ["id", "name", ...DATA.columns.map(headOf)];
  const lines = rows.map((row) => [
    DATA.records[row] === null ? "" : cell(DATA.records[row]),
    cell(DATA.names[row]),
    ...DATA.columns.map((column) => (column.kind === "number" ? textOf(column, row) : cell(textOf(column, row)))),
  ]);
  return [head.map(cell), ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

// Spreadsheets run words that begin like a formula; an apostrophe before them keeps them words.
function cell(text) {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // browsers do not let every page write to the clipboard
  }
}

function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
