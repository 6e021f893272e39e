// Elements from values. Every string becomes a text node or an attribute: nothing is ever parsed as HTML.

export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return made;
}

export const byId = (id) => document.getElementById(id);

export const words = (code) => code.replaceAll("_", " ");

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

// Copies a text, and confirms it; if the browser does not let a page copy, the text is selected for the reader to copy.
export async function copyText(lines, told) {
  try {
    await navigator.clipboard.writeText(lines.textContent);
    told.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(lines);
    told.textContent = "Selected: copy it with the keyboard.";
  }
}
