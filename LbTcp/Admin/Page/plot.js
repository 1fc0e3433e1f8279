// A plot of the last 15 minutes: one or two lines over a quiet base line. The pointer, or the arrow keys, read a point.

const plotWidth = 300, plotHeight = 56, plotSpan = 15 * 60 * 1000;

/**
 * @param series functions that take a value of a point; null leaves a gap
 * @param describe returns the words for a point
 * @param caption the element that shows those words
 * @param peak returns the words for the highest value, which the caption shows otherwise
 * @param floor the smallest value of the upper end of the axis, so that noise stays low
 */
function createPlot({ label, series, describe, peak, caption, floor }) {
  const lines = series.map((_, index) => drawing("path", { class: `s${index}` }));
  const area = drawing("path", { class: "fill" });
  const cross = drawing("line", { class: "cross", y1: 0, y2: plotHeight, visibility: "hidden" });
  const base = drawing("line", { class: "base", x1: 0, x2: plotWidth, y1: plotHeight, y2: plotHeight });
  const picture = drawing("svg", { viewBox: `0 0 ${plotWidth} ${plotHeight}`, preserveAspectRatio: "none", "aria-hidden": true },
    base, area, ...lines.toReversed(), cross);
  const root = element("div", { class: "plot", tabindex: 0, role: "img" }, picture);
  let points = [], end = 0, at = -1, rest = "";

  const x = point => plotWidth - (end - Date.parse(point.time)) / plotSpan * plotWidth;

  function read(index) {
    at = index;
    const point = points[index];
    setAttribute(cross, "visibility", point ? "visible" : "hidden");
    setText(caption, point ? `${clock(point.time)}  ${describe(point)}` : rest);
    if (point) for (const name of ["x1", "x2"]) setAttribute(cross, name, x(point).toFixed(1));
  }

  root.addEventListener("pointermove", event => {
    const bounds = picture.getBoundingClientRect();
    const wanted = (event.clientX - bounds.left) / bounds.width * plotWidth;
    let nearest = -1;
    points.forEach((point, index) => {
      if (nearest < 0 || Math.abs(x(point) - wanted) < Math.abs(x(points[nearest]) - wanted)) nearest = index;
    });
    read(nearest);
  });
  root.addEventListener("pointerleave", () => read(-1));
  root.addEventListener("blur", () => read(-1));
  root.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || points.length === 0) return;
    event.preventDefault();
    read(Math.max(0, Math.min(points.length - 1, (at < 0 ? points.length : at) + step)));
  });

  function update(newPoints) {
    points = newPoints;
    if (points.length === 0) return;
    end = Date.parse(points.at(-1).time);
    const highest = Math.max(...points.flatMap(point => series.map(value => value(point) ?? 0)));
    const top = Math.max(floor, highest);
    rest = highest > 0 ? `peak ${peak(highest)}` : "";
    const y = value => (plotHeight - value / top * (plotHeight - 2)).toFixed(1);
    lines.forEach((line, index) => line.setAttribute("d", trace(points, series[index], x, y)));
    area.setAttribute("d", shade(points, series[0], x, y));
    setAttribute(root, "aria-label", `${label}, last 15 minutes; now ${describe(points.at(-1))}`);
    read(Math.min(at, points.length - 1));
  }

  return { root, update };
}

function trace(points, value, x, y) {
  let path = "", drawn = false;
  for (const point of points) {
    const current = value(point);
    if (current !== null) path += `${drawn ? "L" : "M"}${x(point).toFixed(1)} ${y(current)}`;
    drawn = current !== null;
  }
  return path;
}

function shade(points, value, x, y) {
  const known = points.filter(point => value(point) !== null);
  if (known.length < 2) return "";
  const edge = known.map(point => `L${x(point).toFixed(1)} ${y(value(point))}`).join("");
  return `M${x(known[0]).toFixed(1)} ${plotHeight}${edge}L${x(known.at(-1)).toFixed(1)} ${plotHeight}Z`;
}
