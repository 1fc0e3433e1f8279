// Elements. Text from the API becomes text nodes and attribute values, never markup.

const svgNamespace = "http://www.w3.org/2000/svg";

const byId = id => document.getElementById(id);

/** Creates an element with attributes (functions are event listeners) and children (elements and texts). */
function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Creates an SVG element. */
function drawing(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNamespace, tag), attributes, children);
}

function fill(target, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") target.addEventListener(name, value);
    else setAttribute(target, name, value);
  }
  target.append(...children);
  return target;
}

/** Sets an attribute unless it has that value; null, undefined and false remove it. */
function setAttribute(target, name, value) {
  if (value === null || value === undefined || value === false) {
    if (target.hasAttribute(name)) target.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (target.getAttribute(name) !== text) target.setAttribute(name, text);
}

/** Sets the text of an element that contains nothing else, unless it has that text. */
function setText(target, text) {
  if (target.shownText === text) return;
  target.shownText = text;
  if (target.firstChild) target.firstChild.data = text;
  else target.append(text);
}

/** An element for a number with a small unit behind it; show it with setFigure. */
function figure(tag, attributes = {}) {
  const target = element(tag, attributes);
  target.number = element("span");
  target.unit = element("span", { class: "unit" });
  target.append(target.number, target.unit);
  return target;
}

/** Shows a number with its unit, as the functions of format.js return them. */
function setFigure(target, [number, unit]) {
  setText(target.number, number);
  setText(target.unit, unit);
}
