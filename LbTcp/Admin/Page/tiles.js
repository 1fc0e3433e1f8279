// The four numbers of the process, each with its last 15 minutes.

const sum = (services, value) => services.reduce((total, service) => total + value(service.traffic), 0);

const tiles = {
  rate: createTile({
    title: "New connections", floor: 1,
    series: [point => point.connections_per_second],
    peak: value => phrase(rate(value)),
    describe: point => phrase(rate(point.connections_per_second)),
  }),
  open: createTile({
    title: "Open connections", floor: 10,
    series: [point => point.open],
    peak: count,
    describe: point => count(point.open),
  }),
  bytes: createTile({
    title: "Throughput", floor: 1000, labels: ["in", "out"],
    series: [point => point.bytes_in_per_second, point => point.bytes_out_per_second],
    peak: value => phrase(bytesPerSecond(value)),
    describe: point => `in ${phrase(bytesPerSecond(point.bytes_in_per_second))}, out ${phrase(bytesPerSecond(point.bytes_out_per_second))}`,
  }),
  failures: createTile({
    title: "Failures", floor: 1,
    series: [point => point.failures_per_second],
    peak: value => phrase(rate(value)),
    describe: point => phrase(rate(point.failures_per_second)),
  }),
};

function createTile({ title, labels = [""], ...options }) {
  const caption = element("span");
  const plot = createPlot({ label: title, caption, ...options });
  const figures = labels.map(() => figure("b"));
  const shown = figures.map((value, index) => labels[index] === "" ? value
    : element("span", {}, element("span", { class: index === 0 ? "label key" : "label key second" }, labels[index]), value));
  const root = element("section", { class: "tile", "aria-label": title },
    element("header", {}, element("h2", {}, title), caption),
    element("p", { class: "figure" }, ...shown),
    plot.root,
    element("p", { class: "axis", "aria-hidden": true }, element("span", {}, "15 min ago"), element("span", {}, "now")));
  return { root, plot, figures, caption };
}

/** Shows the current numbers. */
function updateTiles(process, services) {
  setFigure(tiles.rate.figures[0], rate(sum(services, traffic => traffic.connections_per_second)));
  setFigure(tiles.open.figures[0], [count(process.open), `of ${count(process.max_connections)}`]);
  setFigure(tiles.bytes.figures[0], bytesPerSecond(sum(services, traffic => traffic.bytes_in_per_second)));
  setFigure(tiles.bytes.figures[1], bytesPerSecond(sum(services, traffic => traffic.bytes_out_per_second)));
  const failures = sum(services, traffic => traffic.failures_per_second);
  setFigure(tiles.failures.figures[0], failures === 0 ? ["none", ""] : rate(failures));
  setAttribute(tiles.failures.root, "data-quiet", failures === 0);
  setAttribute(tiles.failures.root, "data-alarm", failures > 0);
}

/** Draws the last 15 minutes. */
function drawTiles(points) {
  for (const tile of Object.values(tiles)) tile.plot.update(points);
  const hasFailures = points.some(point => point.failures_per_second > 0);
  tiles.failures.plot.root.classList.toggle("bad", hasFailures);
  tiles.failures.plot.root.classList.toggle("calm", !hasFailures);
}

byId("tiles").append(...Object.values(tiles).map(tile => tile.root));
