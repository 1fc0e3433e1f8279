// The last 30 checks of a backend as ticks: height is time, colour and width are the result, the pointer reads one.

const checksShown = 30, checkPitch = 5;

function createChecks() {
  const paths = Object.fromEntries(["success", "failure", "inconclusive"].map(outcome => [outcome, drawing("path", { class: outcome })]));
  const root = drawing("svg", { class: "ticks", viewBox: "0 0 152 20", role: "img" }, ...Object.values(paths));
  let checks = []; // the oldest first

  root.addEventListener("pointermove", event => {
    const bounds = root.getBoundingClientRect();
    const column = Math.floor((event.clientX - bounds.left) / bounds.width * 152 / checkPitch);
    const check = checks[column - (checksShown - checks.length)];
    if (check) showReadout(event, `${clock(check.time)}  ${checkWords(check)}`);
    else hideReadout();
  });
  root.addEventListener("pointerleave", hideReadout);

  /** Replaces all of them; the newest is the first, as in the API. */
  function replace(newChecks) {
    checks = newChecks.slice(0, checksShown).toReversed();
    draw();
  }

  /** Adds the last check of a status, unless it is known. */
  function add(check) {
    if (!check || (checks.length > 0 && check.time <= checks.at(-1).time)) return;
    checks = [...checks, check].slice(-checksShown);
    draw();
  }

  function draw() {
    const drawn = { success: "", failure: "", inconclusive: "" };
    checks.forEach((check, index) => {
      const x = (checksShown - checks.length + index) * checkPitch + 2.5;
      drawn[check.outcome] += `M${x} 20V${(20 - checkHeight(check)).toFixed(1)}`;
    });
    for (const [outcome, path] of Object.entries(paths)) setAttribute(path, "d", drawn[outcome]);
    const failed = checks.filter(check => check.outcome === "failure").length;
    setAttribute(root, "aria-label", checks.length === 0 ? "no checks"
      : `last ${plural(checks.length, "check")}, ${failed} failed; latest: ${checkWords(checks.at(-1))}`);
  }

  return { root, add, replace };
}

// Logarithmic from 0.1 ms (4 pixels) to 1 s (20 pixels), so that heights of different backends can be compared.
const checkHeight = check => Math.max(4, Math.min(20, 4 + 4 * Math.log10(Math.max(check.duration, 1e-4) / 1e-4)));

const checkWords = check => `${check.detail} ${check.outcome === "success" ? "in" : "after"} ${phrase(duration(check.duration))}`;

function showReadout(event, text) {
  const readout = byId("readout");
  setText(readout, text);
  readout.hidden = false;
  const left = Math.min(event.pageX + 12, scrollX + document.documentElement.clientWidth - readout.offsetWidth - 8);
  readout.style.left = `${left}px`;
  readout.style.top = `${event.pageY - 34}px`;
}

function hideReadout() {
  byId("readout").hidden = true;
}
