// What of the conversation is in view.

/** Bring the latest into view; where the answer is longer than the screen, its beginning. */
export function reveal(first) {
  const bottom = document.documentElement.scrollHeight - innerHeight;
  scrollTo(0, first ? Math.min(bottom, first.getBoundingClientRect().top + scrollY - 12) : bottom);
}

/** Who reads the latest goes on seeing it when a line appears under it. */
export function keepAtBottom(any) {
  let atBottom = true;
  const look = () => {
    atBottom = document.documentElement.scrollHeight - innerHeight - scrollY < 48;
  };
  addEventListener("scroll", look, { passive: true });
  const observer = new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingBottom = `${document.getElementById("dock").offsetHeight + 8}px`;
    if (atBottom && any()) reveal(null);
  });
  for (const id of ["log", "typing", "dock"]) observer.observe(document.getElementById(id));
}
