// Messages as they come: a card each, a sound if the person allowed it, a count in the title.
// A card stays over a change of page until it is closed or has been there long enough; it rings once.
const SOUND = "notice-sound";
const SEEN = "/api/v1/session/notices-seen";
const RUNG = "notice-rung"; // the last message that this browser has rung for
const STAY_MS = 20000;
const MOST = 3;
const ICONS = "/console/static/icons.svg#";

let audio = null; // one for the page: browsers allow only a few

const RANK = ["notice", "warning", "serious"];
const tones = { notice: [660], warning: [660, 880], serious: [880, 660, 880, 660] };

function ring(severity) {
  const start = audio.currentTime + 0.02;
  (tones[severity] ?? tones.notice).forEach((hz, i) => {
    const at = start + i * 0.22;
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = hz;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.22, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.21);
  });
}

function isOpen(path) {
  return new URL(path, location).pathname === location.pathname;
}

export default {
  props: { cards: Array, words: Object },
  data: () => ({ shown: [], wanted: false, ready: false, unread: 0, rung: 0 }),
  template: `
    <div class="bell" :data-rung="rung">
      <button type="button" class="tool bell-switch" :aria-pressed="String(wanted)"
        :title="said" :aria-label="said" :class="{ 'bell-waits': wanted && !ready }" @click="press">
        <svg class="icon" aria-hidden="true"><use :href="'${ICONS}' + (wanted ? 'sound' : 'silent')"/></svg>
      </button>
      <Teleport to="body">
        <section class="bell-cards" :aria-label="words.list" aria-live="polite">
          <article v-for="card in shown" :key="card.id" class="bell-card" :class="'bell-' + card.severity">
            <svg class="icon bell-drawing" aria-hidden="true"><use :href="'${ICONS}' + card.severity"/></svg>
            <div class="bell-words">
              <a v-if="card.path" class="bell-title" :href="card.path" @click="close(card.id)">{{ card.title }}</a>
              <p v-else class="bell-title">{{ card.title }}</p>
              <p class="bell-body">{{ card.body }}</p>
            </div>
            <button type="button" class="bell-close" :aria-label="words.close" :title="words.close"
              @click="close(card.id)">
              <svg class="icon" aria-hidden="true"><use href="${ICONS}cross"/></svg>
            </button>
          </article>
        </section>
      </Teleport>
    </div>`,
  computed: {
    said() {
      if (!this.wanted) return this.words.soundOff;
      return this.ready ? this.words.soundOn : this.words.soundWaits;
    },
  },
  watch: {
    cards(cards) {
      this.take(cards);
    },
  },
  mounted() {
    this.title = document.title;
    this.closing = new Set(); // what the server is being told of
    this.wanted = localStorage.getItem(SOUND) === "yes";
    this.wake = () => this.wanted && this.allow();
    this.back = () => document.hidden || this.count(0);
    addEventListener("pointerdown", this.wake);
    addEventListener("keydown", this.wake);
    document.addEventListener("visibilitychange", this.back);
    if (this.wanted) this.allow();
    this.take(this.cards);
  },
  unmounted() {
    removeEventListener("pointerdown", this.wake);
    removeEventListener("keydown", this.wake);
    document.removeEventListener("visibilitychange", this.back);
  },
  methods: {
    async allow() {
      if (this.ready) return;
      audio ??= new AudioContext();
      // Without a touch of the person this stays pending; the next touch asks again.
      await audio.resume();
      this.ready = audio.state === "running";
      if (this.ready) this.ringFor(this.shown);
    },
    async press() {
      if (this.wanted && !this.ready) {
        await this.allow();
      } else {
        this.wanted = !this.wanted;
        localStorage.setItem(SOUND, this.wanted ? "yes" : "no");
        if (this.wanted) await this.allow();
      }
      if (this.wanted && this.ready) ring("notice"); // so that one hears how it will sound
    },
    take(cards) {
      const fresh = cards.filter((card) => card.id > (this.last ?? 0));
      if (!fresh.length) return;
      this.last = fresh.at(-1).id;
      const elsewhere = fresh.filter((card) => !card.path || !isOpen(card.path)); // this page tells more
      this.shown = [...this.shown, ...elsewhere].slice(-MOST);
      if (document.hidden) this.count(this.unread + fresh.length);
      this.ringFor(fresh);
      for (const card of fresh) {
        if (!card.urgent && card.severity !== "serious") this.closeLater(card.id);
      }
    },
    closeLater(id) {
      // Nobody has seen what lies in a hidden tab.
      setTimeout(() => (document.hidden ? this.closeLater(id) : this.close(id)), STAY_MS);
    },
    ringFor(cards) {
      const rung = Number(localStorage.getItem(RUNG) ?? 0);
      const unrung = cards.filter((card) => card.fresh && card.id > rung).map((card) => RANK.indexOf(card.severity));
      if (!unrung.length || !this.wanted || !this.ready) return;
      ring(RANK[Math.max(...unrung)]);
      localStorage.setItem(RUNG, this.last);
      this.rung += 1;
    },
    async close(id) {
      if (this.closing.has(id) || !this.shown.some((card) => card.id === id)) return;
      this.closing.add(id);
      const next = this.shown.find((card) => !this.closing.has(card.id));
      // It goes when the server knows. `keepalive`: by opening a message the person leaves this page.
      const answer = await fetch(SEEN, {
        method: "PUT",
        body: JSON.stringify({ notice: next ? next.id - 1 : this.last }),
        headers: { "Content-Type": "application/json" },
        keepalive: true,
      }).catch(() => null);
      this.closing.delete(id);
      if (answer?.ok) this.shown = this.shown.filter((card) => card.id !== id);
    },
    count(unread) {
      this.unread = unread;
      document.title = unread ? `(${unread}) ${this.title}` : this.title;
    },
  },
};
