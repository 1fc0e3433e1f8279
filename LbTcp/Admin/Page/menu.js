// The one menu of actions: open for one row at a time.

let menu = null;
let menuRow = null;

const menuIsOpen = () => menu !== null || byId("dialog").open;

function openMenu(row) {
  closeMenu();
  const item = (label, act, isCurrent = false) => element("button", { type: "button", role: "menuitem", tabindex: -1,
    "aria-disabled": isCurrent ? "true" : null,
    click: () => {
      if (isCurrent) return;
      closeMenu();
      act(row.backend);
    } }, isCurrent ? `${label} (now)` : `${label}…`);
  menu = element("div", { class: "menu", role: "menu", "aria-label": `Actions for ${row.backend.name}`, keydown: menuKey },
    item("Explain", explain),
    ...Object.entries(intents).map(([intent, { label }]) =>
      item(label, backend => confirmIntent(backend, intent), row.backend.intent === intent)),
    item("Weight", askWeight));
  menuRow = row;
  document.body.append(menu);
  const button = row.more.getBoundingClientRect();
  const above = button.bottom + menu.offsetHeight + 8 > innerHeight;
  menu.style.left = `${Math.max(8, scrollX + button.right - menu.offsetWidth)}px`;
  menu.style.top = `${scrollY + (above ? button.top - menu.offsetHeight - 4 : button.bottom + 4)}px`;
  row.root.classList.add("open");
  setAttribute(row.more, "aria-expanded", "true");
  menu.firstElementChild.focus({ preventScroll: true });
}

function closeMenu() {
  if (menu === null) return;
  const row = menuRow;
  menu.remove();
  menu = menuRow = null;
  row.root.classList.remove("open");
  setAttribute(row.more, "aria-expanded", null);
  row.root.focus({ preventScroll: true });
}

function menuKey(event) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: items[(at + 1) % items.length], ArrowUp: items.at(at - 1), Home: items[0], End: items.at(-1) }[event.key];
  if (next) next.focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else return;
  event.preventDefault();
}

document.addEventListener("pointerdown", event => {
  if (menu !== null && !menu.contains(event.target) && !event.target.closest(".more")) closeMenu();
});
