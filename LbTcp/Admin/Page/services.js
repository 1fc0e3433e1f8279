// A block per service, with a table of its backends. Rows keep their elements and their places: see placeRows.

const blocks = new Map(); // by the name of the service
let order = null; // { column, descending }, or null for the order of the configuration

function createBlock(name) {
  const caption = element("span");
  const plot = createPlot({
    label: `Connect time of ${name}`, caption, floor: 0.001,
    series: [point => point.connect_p50, point => point.connect_p99],
    peak: value => phrase(duration(value)),
    describe: point => `p50 ${phrase(duration(point.connect_p50))}, p99 ${phrase(duration(point.connect_p99))}`,
  });
  const body = element("tbody", { role: "rowgroup" });
  const heads = columns.map(column => element("th",
    { class: column.words ? `words c-${column.key}` : `c-${column.key}`, role: "columnheader", scope: "col" },
    element("button", { type: "button", title: column.hint ?? null, click: () => sortBy(column) }, column.title)));
  const block = { name, rows: new Map(), plot, body, heads, isVisible: true };
  block.listen = element("span");
  block.algorithm = element("span");
  block.available = element("span", { class: "now" }, element("b"));
  block.figures = ["open", "new", "in", "out"].map(label => {
    const shown = figure("b");
    return { shown, root: element("span", { class: "now" }, `${label} `, shown) };
  });
  block.admission = element("span", { class: "now" }, element("b"));
  block.queue = element("span", { class: "now" }, element("b"));
  block.root = element("section", { class: "service", "aria-label": `Service ${name}` },
    element("header", {},
      element("div", { class: "about" }, element("h2", {}, name),
        element("p", {}, block.available, block.listen, block.algorithm, ...block.figures.map(item => item.root),
          block.admission, block.queue)),
      element("div", { class: "latency" },
        element("header", {}, element("span", {}, element("span", { class: "key" }, "connect p50"), " ",
          element("span", { class: "key second" }, "p99")), caption),
        plot.root)),
    element("table", { role: "grid", "aria-label": `Backends of ${name}` },
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads,
        element("th", { class: "c-menu", role: "columnheader" }, element("span", { class: "unseen" }, "Actions")))),
      body));
  block.root.block = block;
  visibleBlocks.observe(block.root);
  return block;
}

const visibleBlocks = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) target.block.isVisible = isIntersecting;
});

/** Shows all services and backends. */
function updateServices({ time, services, backends }) {
  const now = Date.parse(time);
  for (const [name, block] of blocks) {
    if (services.some(service => service.name === name)) continue;
    block.root.remove();
    blocks.delete(name);
  }
  const byService = Map.groupBy(backends, backend => backend.service);
  services.forEach((service, index) => {
    if (!blocks.has(service.name)) blocks.set(service.name, createBlock(service.name));
    const block = blocks.get(service.name);
    const place = byId("services").children[index];
    if (place !== block.root) byId("services").insertBefore(block.root, place ?? null);
    updateBlock(block, service);
    updateRows(block, byService.get(service.name) ?? [], now);
  });
  applyFilter();
}

function updateBlock(block, service) {
  const none = service.backends > 0 && service.backends_available === 0;
  setText(block.available.firstChild, `${count(service.backends_available)} of ${count(service.backends)} available`);
  setAttribute(block.available, "data-alarm", none);
  setText(block.listen, service.listen.join(", "));
  setText(block.algorithm, service.algorithm);
  const traffic = service.traffic;
  const values = [[count(traffic.open), ""], rate(traffic.connections_per_second),
    bytesPerSecond(traffic.bytes_in_per_second), bytesPerSecond(traffic.bytes_out_per_second)];
  values.forEach((value, index) => setFigure(block.figures[index].shown, value));
  setText(block.admission.firstChild, `${count(service.admission_waiting)} waiting for admission`);
  block.admission.hidden = service.admission_waiting === 0;
  setText(block.queue.firstChild, `${count(service.queued)} queued`);
  block.queue.hidden = service.queued === 0;
}

function updateRows(block, backends, now) {
  const gone = new Set(block.rows.values());
  for (const backend of backends) {
    let row = block.rows.get(backend.name);
    if (!row) {
      row = createRow(backend);
      block.rows.set(backend.name, row);
      block.body.append(row.root);
    }
    gone.delete(row);
    updateRow(row, backend, now);
  }
  for (const row of gone) setAttribute(row.root, "data-state", "unknown");
  block.gone = gone;
  block.given = backends.map(backend => block.rows.get(backend.name));
  placeRows(block);
}

/** Puts rows into their order, and takes out those that are gone; waits while the pointer, the focus or a menu is on a row. */
function placeRows(block) {
  if (block.body.matches(":hover, :focus-within") || menuIsOpen()) return;
  for (const row of block.gone) {
    row.root.remove();
    block.rows.delete(row.key);
  }
  const rows = order === null ? block.given : block.given.toSorted(compareRows);
  rows.forEach((row, index) => {
    const place = block.body.children[index];
    if (place !== row.root) block.body.insertBefore(row.root, place ?? null);
  });
}

function compareRows(one, other) {
  const a = order.column.value(one.backend), b = order.column.value(other.backend);
  const result = typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b;
  return order.descending ? -result : result;
}

/** The first time by the more telling direction, then by the other one, then as configured. */
function sortBy(column) {
  const first = !column.words;
  if (order?.column !== column) order = { column, descending: first };
  else order = order.descending === first ? { column, descending: !first } : null;
  for (const block of blocks.values()) {
    columns.forEach((each, index) =>
      setAttribute(block.heads[index], "aria-sort", order?.column !== each ? null : order.descending ? "descending" : "ascending"));
    placeRows(block);
  }
}
