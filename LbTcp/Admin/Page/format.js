// Numbers as people read them: three digits that matter, a unit, tabular figures. Figures are [number, unit].

const thinSpace = "\u2009";

const count = value => String(value).replace(/\B(?=(\d{3})+$)/g, value < 10000 ? "" : thinSpace);

function threeDigits(value) {
  if (value === 0) return "0";
  if (value < 0.1) return "<0.1";
  return value < 9.95 ? value.toFixed(1) : count(Math.round(value));
}

const rate = perSecond => [threeDigits(perSecond), "/s"];

function bytesPerSecond(value) {
  const units = ["B/s", "KB/s", "MB/s", "GB/s", "TB/s"];
  let power = 0;
  while (value >= 999.5 && power < units.length - 1) {
    value /= 1000;
    power++;
  }
  return [power === 0 ? String(Math.round(value)) : threeDigits(value), units[power]];
}

/** A short time in seconds: of a dial, a check. */
function duration(seconds) {
  if (seconds === null) return ["–", ""];
  const milliseconds = seconds * 1000;
  return milliseconds < 999.5 ? [threeDigits(milliseconds), "ms"] : [threeDigits(seconds), "s"];
}

/** A long time in seconds, by its largest unit. */
function age(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, "s"];
  return `${Math.max(0, Math.floor(seconds / size))} ${unit}`;
}

/** Uptime by its two largest units. */
function uptime(seconds) {
  const days = Math.floor(seconds / 86400), hours = Math.floor(seconds / 3600) % 24, minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : age(seconds);
}

function memory(bytes) {
  const [number, unit] = bytesPerSecond(bytes);
  return `${number} ${unit.replace("/s", "")}`;
}

const percent = ratio => `${Math.round(ratio * 100)} %`;
const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
const phrase = ([number, unit]) => unit === "" ? number : unit === "/s" ? number + unit : `${number} ${unit}`;

// Times are shown in UTC, as in the log.
const clock = time => new Date(time).toISOString().slice(11, 19);
const minuteOf = time => new Date(time).toISOString().slice(0, 16);
