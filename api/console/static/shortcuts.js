// Keys of a page. They are silent while somebody types, while a dialog is open, and with Ctrl, Alt
// or the Windows key held.
const NAMES = { " ": "␣", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };

export default {
  template: `
    <span class="shortcuts">
      <button type="button" class="btn btn-quiet" @click="open" :title="words.title + ' (?)'">
        <svg class="icon" aria-hidden="true"><use href="/console/static/icons.svg#keyboard"></use></svg>
        <span>{{ words.title }}</span>
      </button>
      <dialog ref="list" class="shortcut-sheet" :aria-label="words.title">
        <h2 class="sheet-title">{{ words.title }}</h2>
        <dl class="shortcut-list">
          <template v-for="s in shortcuts">
            <dt><kbd v-for="k in s.keys">{{ name(k) }}</kbd></dt><dd>{{ s.words }}</dd>
          </template>
          <dt><kbd>?</kbd></dt><dd>{{ words.title }}</dd>
        </dl>
        <form method="dialog" class="sheet-buttons"><button class="btn">{{ words.close }}</button></form>
      </dialog>
    </span>
  `,
  props: { shortcuts: Array, words: Object },
  mounted() {
    this.listen = (event) => this.pressed(event);
    window.addEventListener("keydown", this.listen);
  },
  unmounted() {
    window.removeEventListener("keydown", this.listen);
  },
  methods: {
    name(key) {
      return NAMES[key] || key.toUpperCase();
    },
    open() {
      if (!this.$refs.list.open) this.$refs.list.showModal();
    },
    pressed(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target.closest?.("input, textarea, select, [contenteditable], [role='slider'], video")) return;
      if (document.querySelector(".q-dialog, dialog[open]")) return;
      if (event.key === "?") this.open();
      else if (!this.act(event)) return;
      event.preventDefault();
    },
    act(event) {
      const found = this.shortcuts.find((s) => s.keys.includes(event.key));
      if (!found) return false;
      if (event.key === " " && event.target.closest?.("a, button, summary")) return false;
      if (found.href) window.location.assign(found.href);
      else document.querySelector(found.presses)?.click();
      return true;
    },
  },
};
