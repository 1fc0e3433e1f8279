// The live link: one session at a time, begun again with growing pauses of at most 5 seconds. A hidden page has no session, because
// browsers open six connections to one address at most, for all tabs together.

const silenceLimit = 5000; // milliseconds; state arrives every second
const pauses = [250, 500, 1000, 2000, 4000, 5000];

let linkState = "connecting";
let lastHeard = Date.now();
let session = null;

const heard = () => { lastHeard = Date.now(); };

/** Runs sessions until the page is closed. */
async function keepConnected(runSession) {
  for (let failures = 0; ; failures++) {
    await whenVisible();
    session = new AbortController();
    try {
      await runSession(session.signal, () => {
        failures = 0;
        showLink("live");
      });
    } catch (error) {
      session.abort();
      if (error.status === 401) {
        showLink("locked");
        await askToken(error.message);
      } else if (!document.hidden) {
        showLink("lost");
      }
    }
    await new Promise(resolve => setTimeout(resolve, pauses[Math.min(failures, pauses.length - 1)]));
  }
}

function whenVisible() {
  if (!document.hidden) return Promise.resolve();
  return new Promise(resolve => document.addEventListener("visibilitychange", resolve, { once: true }));
}

function showLink(state) {
  linkState = state;
  const link = byId("link");
  setAttribute(link, "data-link", state);
  document.body.classList.toggle("lost", state === "lost");
  const words = { live: "live", connecting: "connecting", locked: "token needed" };
  setText(link.lastElementChild, words[state] ?? `lost ${age((Date.now() - lastHeard) / 1000)} ago, retrying`);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) session?.abort();
});
setInterval(() => {
  if (linkState === "live" && !document.hidden && Date.now() - lastHeard > silenceLimit) session.abort();
  showLink(linkState);
}, 1000);
