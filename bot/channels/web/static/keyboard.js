// A phone's keyboard that lies over the page instead of making it smaller (Safari): the dock stays above it.

/**
 * How much of the page's lower end is covered, in pixels. Who enlarged the page by pinching sees a part of it anyway.
 * @param {{ height: number, offsetTop: number, scale: number }} seen
 * @param {number} inner the window's height
 */
export function covered({ height, offsetTop, scale }, inner = innerHeight) {
  return scale > 1.01 ? 0 : Math.max(0, Math.round(inner - height - offsetTop));
}

/** @param {HTMLElement} root is told, as `--covered` */
export function stayAbove(root) {
  const seen = window.visualViewport;
  if (!seen) return;
  const look = () => root.style.setProperty("--covered", `${covered(seen)}px`);
  for (const event of ["resize", "scroll"]) seen.addEventListener(event, look);
}
