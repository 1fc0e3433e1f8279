// What an operator may do with a backend. Each dialog states the consequence before anything is sent.

const intents = {
  ready: {
    label: "Ready",
    consequence: backend => [`${backend.name} takes new connections again${badHealth.includes(backend.health)
      ? " as soon as its checks succeed" : ""}.`],
  },
  drain: {
    label: "Drain",
    consequence: backend => [`${backend.name} gets no new connections. ${staying(backend)}`, "Its health checks go on."],
  },
  maint: {
    label: "Maintenance",
    consequence: backend => [`${backend.name} gets no new connections. ${staying(backend)}`, "Its health checks stop."],
  },
};

function staying(backend) {
  const open = backend.traffic.open;
  if (open === 0) return "It has no open connections.";
  return open === 1 ? "1 open connection stays until it ends." : `${plural(open, "open connection")} stay until they end.`;
}

const peersOf = backend =>
  [...blocks.get(backend.service).rows.values()].map(row => row.backend).filter(peer => peer.name !== backend.name);

function confirmIntent(backend, intent) {
  const isLast = intent !== "ready" && backend.available && !peersOf(backend).some(peer => peer.available);
  openDialog({
    title: `${intents[intent].label}: ${backend.name}?`,
    content: [
      ...intents[intent].consequence(backend).map(sentence => element("p", {}, sentence)),
      ...(isLast ? [element("p", { class: "warning" },
        `It is the last available backend of ${backend.service}: new connections will find none.`)] : [])],
    confirm: intents[intent].label,
    submit: () => change(pathOf(backend, "intent"), { intent }),
  });
}

function askWeight(backend) {
  const share = element("p", { class: "quiet", role: "status" });
  const input = element("input", { name: "weight", type: "number", min: 0, max: 256, step: 1, required: true,
    value: backend.weight_override ?? backend.weight, input: () => setText(share, expectedShare(backend, input.valueAsNumber)) });
  setText(share, expectedShare(backend, input.valueAsNumber));
  const reset = element("p", {}, element("button", { type: "button", click: () => {
    input.value = backend.weight;
    input.dispatchEvent(new Event("input"));
  } }, `Use the configured weight, ${backend.weight}`));
  openDialog({
    title: `Weight of ${backend.name}`,
    content: [element("label", {}, `Weight, 0 to 256; configured is ${backend.weight}`, input), share,
      ...(backend.weight_override === null ? [] : [reset])],
    confirm: "Set weight",
    submit: data => {
      const weight = Number(data.get("weight"));
      change(pathOf(backend, "weight"), { weight: weight === backend.weight ? null : weight });
    },
  });
}

function expectedShare(backend, weight) {
  if (weight === 0) return `It gets no new connections. ${staying(backend)}`;
  if (!(weight > 0)) return "\u00a0";
  const others = peersOf(backend).filter(peer => peer.available && peer.backup === backend.backup);
  const total = others.reduce((total, peer) => total + peer.effective_weight, weight);
  const subject = backend.available ? "It" : "When it is available, it";
  return `${subject} gets about ${percent(weight / total)} of new connections, where weights decide.`;
}

async function change(path, body) {
  try {
    notify((await postJson(path, body)).message);
  } catch (error) {
    notify(error instanceof ApiError ? error.message : "lbtcp did not answer; it is unknown whether the change was made.", true);
  }
}

/** Shows why a backend has its state and its share, and how it came to it. */
async function explain(backend) {
  let detail;
  try {
    detail = await getJson(pathOf(backend));
  } catch (error) {
    notify(error.message, true);
    return;
  }
  const list = sentences => element("ul", {}, ...sentences.map(sentence => element("li", {}, sentence)));
  openDialog({
    title: `${detail.name} of ${detail.service}`, isWide: true, cancel: "Close",
    content: [
      element("p", {}, `${wordOf(detail)}: ${detail.reason}`),
      ...(detail.next.length === 0 ? [] : [element("h3", {}, "Next"), list(detail.next)]),
      ...(detail.share_reasons.length === 0 ? [] : [element("h3", {}, "Share of new connections"), list(detail.share_reasons)]),
      element("h3", {}, "Changes, newest first, UTC"),
      element("div", { class: "log" }, ...detail.transitions.flatMap(transition => [
        element("time", { class: "quiet" }, clock(transition.time)), element("b", {}, transition.state),
        element("span", {}, `${transition.reason} (${transition.trigger})`)]))],
  });
}
