// Events, newest first, grouped by minute, with the words of the log.

const eventsShown = 200;
let lastEvent = 0;

/** Follows the events until the signal aborts; a failure of this stream alone is tried again. */
async function followEvents(signal) {
  while (!signal.aborted) {
    try {
      for await (const record of readStream(`events/stream?after=${lastEvent}`, signal, heard)) addEvent(record);
    } catch {
      await new Promise(resolve => setTimeout(resolve, 2000));
    }
  }
}

function forgetEvents() {
  lastEvent = 0;
  byId("events").replaceChildren();
}

function addEvent(record) {
  if (record.id !== 0) { // 0 is a notice of the stream itself
    if (record.id <= lastEvent) return;
    lastEvent = record.id;
  }
  const list = minuteList(record.time);
  const isAlarm = /^(warn|err|crit)/.test(record.level);
  const item = element("li", { "data-alarm": isAlarm },
    element("time", { class: "quiet", datetime: record.time }, clock(record.time).slice(5)),
    element("span", { class: "message" }, record.message),
    ...[record.service, record.backend].filter(name => name).map(name => element("b", {}, name)),
    element("span", { class: "fields" }, fieldsOf(record).map(([key, value]) => `${key}=${value}`).join("  ")));
  list.prepend(item);
  item.hidden = !matches(item.textContent, filterWords());
  const all = byId("events").querySelectorAll("li");
  if (all.length > eventsShown) all[all.length - 1].remove();
  byId("events").querySelector("ol:empty")?.parentElement.remove();
}

const fieldsOf = record => record.fields.map(({ key, value }) => [key, value]);

function minuteList(time) {
  const minute = minuteOf(time);
  const first = byId("events").firstElementChild;
  if (first?.dataset.minute === minute) return first.lastElementChild;
  const list = element("ol");
  byId("events").prepend(element("div", { class: "minute", "data-minute": minute },
    element("time", { datetime: minute, title: minute.slice(0, 10) }, minute.slice(11)), list));
  return list;
}

function filterEvents(words) {
  for (const minute of byId("events").children) {
    let shown = 0;
    for (const item of minute.lastElementChild.children) {
      item.hidden = words.length > 0 && !matches(item.textContent, words);
      if (!item.hidden) shown++;
    }
    minute.hidden = shown === 0;
  }
}
