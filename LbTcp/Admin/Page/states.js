// What a backend's state is called, how it is drawn, and what the page says about all of them.

const badHealth = ["unhealthy", "ejected", "unresolved"];

/** Whether a person has to look: it should work and does not. */
const isBad = backend => backend.intent === "ready" && badHealth.includes(backend.health);

/** The kind decides shape and colour: good, bad, away (takes no new connections as was asked, or for want of a slot), maint, unknown. */
function kindOf(backend) {
  if (backend.intent === "maint") return "maint";
  if (isBad(backend)) return "bad";
  if (!backend.available) return "away";
  return backend.health === "unchecked" ? "unknown" : "good";
}

function wordOf(backend) {
  if (backend.intent === "maint") return "maint";
  return backend.intent === "ready" ? backend.health : `${backend.health}, ${backend.intent}`;
}

function weightOf(backend) {
  const number = String(Math.round(backend.effective_weight * 10) / 10);
  const nominal = backend.weight_override ?? backend.weight;
  if (backend.effective_weight < nominal) return [number, `of ${nominal}`];
  return [number, backend.weight_override === null ? "" : "set"];
}

/** One sentence about everything, and whether a person has to look. */
function verdictOf(process, services, backends) {
  const bad = backends.filter(isBad);
  const down = services.filter(service => service.backends > 0 && service.backends_available === 0).map(service => service.name);
  const sentences = [];
  if (process.state === "draining") sentences.push("lbtcp is draining: it accepts no new connections.");
  if (down.length > 0) sentences.push(`${names(down)} ${down.length === 1 ? "has" : "have"} no available backend.`);
  if (bad.length === 1) sentences.push(`${bad[0].name} of ${bad[0].service} is ${bad[0].health}: ${bad[0].reason}.`);
  if (bad.length > 1) sentences.push(`${count(bad.length)} backends do not work: ${names(bad.map(backend => backend.name))}.`);
  if (sentences.length === 0) sentences.push(availability(services, backends));
  return { text: sentences.join(" "), alarms: bad.length + down.length };
}

function availability(services, backends) {
  if (backends.length === 0) return "No backend is configured.";
  const away = backends.filter(backend => !backend.available);
  const available = count(backends.length - away.length);
  if (away.length > 0) {
    const why = away.every(backend => backend.intent !== "ready") ? "taken out by an operator" : "unavailable";
    return `${available} of ${plural(backends.length, "backend")} available, ${count(away.length)} ${why}.`;
  }
  return backends.length === 1 ? "The backend is available." : `All ${plural(backends.length, "backend")} are available.`;
}

function names(list) {
  const shown = list.length > 4 ? [...list.slice(0, 3), `${count(list.length - 3)} more`] : list;
  return shown.length === 1 ? shown[0] : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
