// What somebody typed outlives an expired session: a field with data-draft is kept in this tab
// until it was sent, and put back when the page is drawn again.
(() => {
  const KEEP = "draft:";
  const put = (field) => {
    const kept = sessionStorage.getItem(KEEP + field.dataset.draft);
    if (kept === null || field.value) return;
    field.value = kept;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const restore = (node) => {
    if (!window.did_handshake || !node.querySelectorAll) return; // nobody would hear it yet
    if (node.matches("[data-draft]")) put(node);
    node.querySelectorAll("[data-draft]").forEach(put);
  };
  document.addEventListener("input", (event) => {
    const key = event.target.dataset?.draft;
    if (key) sessionStorage.setItem(KEEP + key, event.target.value);
  });
  new MutationObserver((changes) => {
    for (const change of changes) change.addedNodes.forEach(restore);
  }).observe(document.documentElement, { childList: true, subtree: true });
  const first = setInterval(() => {
    if (!window.did_handshake) return;
    clearInterval(first);
    restore(document.documentElement);
  }, 100);
  window.forgetDraft = (key) => sessionStorage.removeItem(KEEP + key);
})();
