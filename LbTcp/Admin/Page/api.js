// Requests to the API of this process. The token, if one is needed, is kept until the tab is closed.

const tokenKey = "lbtcp.token";

/** A request that was answered with an error; the message is the sentence of the answer. */
class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function send(path, options = {}) {
  const headers = { ...options.headers };
  const token = sessionStorage.getItem(tokenKey);
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(`api/v1/${path}`, { ...options, headers, cache: "no-store", redirect: "error" });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new ApiError(response.status, problem.detail ?? problem.title ?? `lbtcp answered with status ${response.status}.`);
}

const getJson = async (path, signal) => (await send(path, { signal })).json();

const postJson = async (path, body) =>
  (await send(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } })).json();

/** The path of a backend, or of what belongs to it. */
const pathOf = (backend, ...rest) =>
  ["backends", backend.service, backend.name, ...rest].map(encodeURIComponent).join("/");

/**
 * Reads server-sent events until the signal aborts; fails when the connection ends. EventSource cannot send a token.
 * Calls onBytes for everything that arrives, heartbeats included.
 */
async function* readStream(path, signal, onBytes) {
  const response = await send(path, { signal, headers: { Accept: "text/event-stream" } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  while (true) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The connection to lbtcp ended.");
    onBytes();
    const records = (rest + value).split("\n\n");
    rest = records.pop();
    for (const record of records) {
      const data = record.split("\n").filter(line => line.startsWith("data:")).map(line => line.slice(5)).join("\n");
      if (data) yield JSON.parse(data);
    }
  }
}
