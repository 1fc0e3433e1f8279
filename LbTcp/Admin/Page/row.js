// The row of one backend. Its cells are updated in place, and only where the text has changed.

const columns = [
  { key: "name", title: "Backend", words: true, value: backend => backend.name },
  { key: "state", title: "State", words: true, value: backend => ["bad", "away", "maint", "unknown", "good"].indexOf(kindOf(backend)) },
  { key: "weight", title: "Weight", hint: "effective weight", value: backend => backend.effective_weight, show: weightOf },
  { key: "open", title: "Open", hint: "open connections, and the limit as a bar", value: backend => backend.traffic.open,
    show: backend => [count(backend.traffic.open), ""] },
  { key: "rate", title: "New", hint: "new connections per second", value: backend => backend.traffic.connections_per_second,
    show: backend => rate(backend.traffic.connections_per_second) },
  { key: "fail", title: "Failed", hint: "failed connections and dials per second", value: backend => backend.traffic.failures_per_second,
    show: backend => backend.traffic.failures_per_second === 0 ? ["0", ""] : rate(backend.traffic.failures_per_second) },
  { key: "in", title: "In", hint: "bytes from clients per second", value: backend => backend.traffic.bytes_in_per_second,
    show: backend => bytesPerSecond(backend.traffic.bytes_in_per_second) },
  { key: "out", title: "Out", hint: "bytes to clients per second", value: backend => backend.traffic.bytes_out_per_second,
    show: backend => bytesPerSecond(backend.traffic.bytes_out_per_second) },
  { key: "p50", title: "Connect", hint: "median of the time to connect", value: backend => backend.traffic.connect_p50 ?? -1,
    show: backend => duration(backend.traffic.connect_p50) },
  { key: "p99", title: "p99", hint: "99th percentile of the time to connect", value: backend => backend.traffic.connect_p99 ?? -1,
    show: backend => duration(backend.traffic.connect_p99) },
  { key: "checks", title: "Last checks", words: true, hint: "the last 30 checks; sorts by the time of the latest",
    value: backend => backend.last_check?.duration ?? -1 },
];
const figureColumns = columns.filter(column => column.show);

function createRow(backend) {
  const cells = Object.fromEntries(columns.map(({ key, title, words, show }) => {
    const attributes = { class: words ? `words ${key} c-${key}` : `c-${key}`, role: "gridcell", "data-label": show ? title : null };
    return [key, show ? figure("td", attributes) : element("td", attributes)];
  }));
  const row = { key: backend.name, backend, checks: createChecks(), cells, checksWanted: true, isVisible: false };
  const more = element("button", { class: "more", type: "button", tabindex: -1, "aria-haspopup": "menu", title: "Actions",
    "aria-label": `Actions for ${backend.name}`, click: () => openMenu(row) }, "···");
  row.more = more;
  row.address = element("span", { class: "unit" });
  row.word = element("b");
  row.since = element("span", { class: "unit" });
  row.reason = element("span", { class: "unit" });
  cells.name.append(backend.name, row.address);
  cells.state.append(row.word, row.since, row.reason);
  cells.checks.append(row.checks.root);
  row.root = element("tr", { role: "row", tabindex: -1, "aria-label": backend.name }, ...Object.values(cells),
    element("td", { class: "c-menu", role: "gridcell" }, more));
  row.root.row = row;
  visibleRows.observe(row.root);
  return row;
}

/** Shows the state of a backend; now is the time of the server in milliseconds. */
function updateRow(row, backend, now) {
  const before = row.backend;
  row.backend = backend;
  const kind = kindOf(backend);
  setAttribute(row.root, "data-state", kind);
  setText(row.address, backend.address === backend.name ? "" : backend.address);
  setText(row.word, wordOf(backend));
  setText(row.reason, kind === "good" ? backend.backup ? "backup" : "" : backend.reason);
  updateChecks(row, before, backend);
  row.now = now;
  if (row.isVisible) updateFigures(row);
}

/** Shows what changes all the time; only of rows on the screen, because two hundred of them cost a browser more than anything else here. */
function updateFigures({ backend, cells, since, now }) {
  setText(since, age((now - Date.parse(backend.since)) / 1000));
  setAttribute(cells.name, "title", `${backend.name}  ${backend.address}`);
  setAttribute(cells.state, "title", `${wordOf(backend)}: ${backend.reason}`);
  setAttribute(cells.weight, "title", weightHint(backend));
  for (const { key, show } of figureColumns) setFigure(cells[key], show(backend));
  for (const key of ["open", "rate", "fail", "in", "out"]) cells[key].classList.toggle("zero", cells[key].number.shownText === "0");
  cells.fail.classList.toggle("bad", backend.traffic.failures_per_second > 0);
  updateLimit(cells.open, backend);
}

function weightHint(backend) {
  const set = backend.weight_override === null ? "" : `, set to ${backend.weight_override} at run time`;
  return `configured ${backend.weight}${set}; meant to get ${percent(backend.share)} of new connections`;
}

function updateLimit(cell, backend) {
  cell.classList.toggle("load", backend.max_connections !== null);
  if (backend.max_connections === null) return;
  setAttribute(cell, "title", `${backend.traffic.open} of at most ${backend.max_connections}`);
  const share = Math.min(1, backend.traffic.open / backend.max_connections).toFixed(2);
  if (cell.shownShare === share) return;
  cell.shownShare = share;
  cell.style.setProperty("--fill", share);
}

// While a backend is between states it is probed more often than its state arrives: then the checks are read again.
function updateChecks(row, before, backend) {
  const last = backend.last_check;
  if (!last || last.time === before.last_check?.time && before !== backend) return;
  const expected = last.outcome === before.last_check?.outcome ? before.checks_in_row + 1 : 1;
  if (before !== backend && backend.checks_in_row > expected) wantChecks(row);
  else row.checks.add(last);
}

// The 30 checks of a backend are read when its row is seen for the first time, one backend at a time.
const wantedChecks = new Set();
let readsChecks = false;

const visibleRows = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    target.row.isVisible = isIntersecting;
    if (!isIntersecting) continue;
    if (target.row.now) updateFigures(target.row);
    if (target.row.checksWanted) wantChecks(target.row);
  }
}, { rootMargin: "50px" });

async function wantChecks(row) {
  row.checksWanted = true;
  if (row.isVisible) wantedChecks.add(row);
  if (readsChecks) return;
  readsChecks = true;
  for (const next of wantedChecks) {
    wantedChecks.delete(next);
    try {
      next.checks.replace((await getJson(pathOf(next.backend))).checks);
      next.checksWanted = false;
    } catch {
      next.checks.add(next.backend.last_check); // tried again when it is next seen
    }
  }
  readsChecks = false;
}
