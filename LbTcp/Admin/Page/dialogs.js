// The one dialog, and the notices that tell the answer of lbtcp.

/** Shows a dialog; submit is called with the form's data when it is confirmed. */
function openDialog({ title, content, confirm = null, cancel = "Cancel", isWide = false, isFixed = false, submit }) {
  const dialog = byId("dialog");
  const returnTo = document.activeElement;
  const close = () => {
    dialog.close();
    returnTo?.focus?.({ preventScroll: true });
  };
  const form = element("form", {
    submit: event => {
      event.preventDefault();
      const data = new FormData(form);
      close();
      submit?.(data);
    },
  }, element("h2", { id: "dialog-title" }, title), ...content,
    element("div", { class: "buttons" },
      ...(isFixed ? [] : [element("button", { type: "button", click: close }, cancel)]),
      ...(confirm === null ? [] : [element("button", { class: "do" }, confirm)])));
  dialog.className = isWide ? "wide" : "";
  dialog.oncancel = event => {
    event.preventDefault();
    if (!isFixed) close();
  };
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  (form.querySelector("input") ?? form.querySelector(".do") ?? form.querySelector("button")).focus();
}

/** Asks for the token that this endpoint needs. */
function askToken(message) {
  return new Promise(resolve => openDialog({
    title: "This endpoint needs a token",
    content: [
      element("p", {}, sessionStorage.getItem(tokenKey) ? `The token was refused. ${message}`
        : "It is in the file that --admin-token-file names."),
      element("label", {}, "Token", element("input", { name: "token", type: "password", autocomplete: "off", required: true }))],
    confirm: "Continue", isFixed: true,
    submit: data => {
      sessionStorage.setItem(tokenKey, data.get("token").trim());
      resolve();
    },
  }));
}

/** Shows a sentence for 8 seconds; an alarm stays until it is closed. */
function notify(text, isAlarm = false) {
  const notice = element("div", { class: "notice", "data-alarm": isAlarm },
    element("span", {}, text), element("button", { type: "button", "aria-label": "Close", click: () => notice.remove() }, "✕"));
  byId("notices").append(notice);
  if (!isAlarm) setTimeout(() => notice.remove(), 8000);
}
