// What the frame remembers in this browser: whether the navigation is narrow.
(() => {
  const NARROW = "side-narrow";
  const root = document.documentElement;
  root.classList.toggle(NARROW, localStorage.getItem(NARROW) === "yes");
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".side-narrower")) return;
    const narrow = root.classList.toggle(NARROW);
    localStorage.setItem(NARROW, narrow ? "yes" : "no");
  });
})();
