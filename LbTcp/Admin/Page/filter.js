// One filter for backends and events; all its words must occur.

const filterWords = () => byId("filter").value.toLowerCase().split(/\s+/).filter(word => word !== "");
const matches = (text, words) => words.every(word => text.toLowerCase().includes(word));

function applyFilter() {
  const words = filterWords();
  for (const block of blocks.values()) {
    let shown = 0;
    for (const row of block.rows.values()) {
      const { service, name, address, reason } = row.backend;
      row.root.hidden = words.length > 0 && !matches(`${service} ${name} ${address} ${wordOf(row.backend)} ${reason}`, words);
      if (!row.root.hidden) shown++;
    }
    block.root.hidden = words.length > 0 && shown === 0;
    keepTabStop(block);
  }
  filterEvents(words);
}

/** Exactly one row of a table is reached by the tab key; the arrows reach the others. */
function keepTabStop(block) {
  const rows = [...block.body.rows];
  const current = rows.find(row => row.tabIndex === 0 && !row.hidden) ?? rows.find(row => !row.hidden);
  for (const row of rows) if (row.tabIndex !== (row === current ? 0 : -1)) row.tabIndex = row === current ? 0 : -1;
}

byId("filter").addEventListener("input", applyFilter);
byId("filter").addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  event.target.value = "";
  event.target.blur();
  applyFilter();
});

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, dialog, .menu")) return;
  if (event.key === "/") {
    event.preventDefault();
    byId("filter").select();
    return;
  }
  const row = event.target.closest("tbody tr");
  if (row && event.target === row) rowKey(event, row);
});

function rowKey(event, row) {
  const rows = [...byId("services").querySelectorAll("tbody tr:not([hidden])")];
  const at = rows.indexOf(row);
  const target = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) }[event.key];
  if (target) {
    event.preventDefault();
    for (const each of target.parentElement.rows) each.tabIndex = each === target ? 0 : -1;
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    openMenu(row.row);
  }
}
