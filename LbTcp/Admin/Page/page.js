// What happens once a second, and once every 5 seconds.

let startedAt = null; // of the process; another one means that lbtcp was started again

/** Follows the state until the link ends. */
async function runSession(signal, onLive) {
  let isLive = false;
  for await (const state of readStream("state/stream?interval=1s", signal, heard)) {
    if (startedAt !== state.process.started_at) beginAgain(state.process);
    showState(state);
    if (isLive) continue;
    isLive = true;
    onLive();
    followEvents(signal);
    followHistory(signal);
  }
}

function beginAgain(process) {
  startedAt = process.started_at;
  forgetEvents();
  for (const block of blocks.values())
    for (const row of block.rows.values()) wantChecks(row);
}

function showState(state) {
  updateTiles(state.process, state.services);
  updateServices(state);
  const { text, alarms } = verdictOf(state.process, state.services, state.backends);
  setText(byId("verdict"), text);
  setAttribute(byId("verdict"), "title", text);
  setAttribute(byId("verdict"), "data-alarm", alarms > 0);
  document.title = alarms > 0 ? `▲ ${alarms} · LbTcp` : "LbTcp";
  setText(byId("process"), `${state.process.version} · up ${uptime(state.process.uptime)}`);
  showFacts(state.process, Date.parse(state.time));
}

function showFacts(process, now) {
  const limit = process.descriptors_limit === null ? "" : ` of ${count(process.descriptors_limit)}`;
  const facts = [
    `pid ${process.pid}`, `transport ${process.transport}`, `memory ${memory(process.memory_bytes)}`,
    `descriptors ${count(process.descriptors_used)}${limit}`,
    ...(process.reactors.length === 0 ? [] : [`reactors busy ${process.reactors.map(reactor => percent(reactor.busy_ratio)).join(", ")}`]),
    `configured ${age((now - Date.parse(process.configured_at)) / 1000)} ago`, `log level ${process.log_level}`,
    ...(process.log_lines_dropped === 0 ? [] : [`${plural(process.log_lines_dropped, "log line")} dropped`])];
  const footer = byId("facts");
  while (footer.children.length > facts.length) footer.lastElementChild.remove();
  facts.forEach((fact, index) => setText(footer.children[index] ?? footer.appendChild(element("span")), fact));
}

/** Reads the last 15 minutes of the process and of the services on the screen, at once and every 5 seconds. */
async function followHistory(signal) {
  while (!signal.aborted) {
    try {
      drawTiles((await getJson("history", signal)).items);
      for (const block of [...blocks.values()].filter(block => block.isVisible))
        block.plot.update((await getJson(`history?service=${encodeURIComponent(block.name)}`, signal)).items);
    } catch {
      // The plots stay as they are; a lost link shows itself in the state.
    }
    await new Promise(resolve => setTimeout(resolve, 5000));
  }
}

keepConnected(runSession);
