// One camera: its picture with zones and labels over it, and its windows below. All words come from
// the server and are put in as text.
export default {
  template: `
    <article class="tile" :class="{ 'is-stale': tile.stale }" :data-camera="tile.id">
      <header class="tile-head">
        <h2>{{ tile.name }}</h2>
        <span v-if="tile.ended" class="tile-ended">{{ tile.ended }}</span>
        <span v-else class="tile-time">{{ tile.time }}</span>
      </header>
      <div class="tile-picture" :style="{ aspectRatio: tile.width + ' / ' + tile.height }">
        <img v-if="src" :src="src" :alt="tile.name" draggable="false" />
        <svg :viewBox="'0 0 ' + tile.width + ' ' + tile.height" aria-hidden="true">
          <polygon v-for="q in tile.queues" :key="'q' + q.id" :points="points(q.zone)"
                   class="zone zone-queue" :class="{ 'is-full': q.full }" />
          <polygon v-for="w in tile.windows" :key="'c' + w.id" :points="points(w.counter)"
                   class="zone zone-counter" :class="'phase-' + w.phase" />
          <polygon v-for="w in tile.windows" :key="'s' + w.id" :points="points(w.staff)"
                   class="zone zone-staff" :class="'phase-' + w.phase" />
          <rect v-for="(b, i) in boxes ? tile.boxes : []" :key="'b' + i" class="seen" :class="'seen-' + b.label"
                :x="b.xyxy[0]" :y="b.xyxy[1]" :width="b.xyxy[2] - b.xyxy[0]"
                :height="b.xyxy[3] - b.xyxy[1]" />
        </svg>
        <div class="chips" aria-hidden="true">
          <span v-for="w in placed(tile.windows)" :key="w.id" class="chip"
                :class="'phase-' + w.phase" :style="place(w.at)">
            <svg class="icon"><use :href="icon('phase-' + w.phase)"></use></svg>
            <span class="chip-name">{{ w.name }}</span>
            <span class="chip-lasted">{{ w.lasted }}</span>
          </span>
          <span v-for="q in placed(tile.queues)" :key="q.id" class="chip chip-queue"
                :class="{ 'is-full': q.full }" :style="place(q.at)">
            <svg class="icon"><use :href="icon('people')"></use></svg>
            <span>{{ q.words }}</span>
          </span>
        </div>
        <div v-if="tile.veil && tile.veil.length" class="veil" role="status">
          <p v-for="line in tile.veil">{{ line }}</p>
        </div>
      </div>
      <ul class="seats">
        <li v-for="w in tile.windows" :key="w.id" class="seat" :class="'phase-' + w.phase"
            :data-window="w.id" :data-phase="w.phase">
          <svg class="icon" aria-hidden="true"><use :href="icon('phase-' + w.phase)"></use></svg>
          <span class="seat-name">{{ w.name }}</span>
          <span class="seat-words">{{ w.words }}</span>
          <span class="seat-lasted">{{ w.lasted }}</span>
          <span class="seat-citizens">{{ w.citizens }}</span>
        </li>
        <li v-for="q in tile.queues" :key="q.id" class="seat seat-queue"
            :class="{ 'is-full': q.full }" :data-queue="q.id">
          <svg class="icon" aria-hidden="true"><use :href="icon('people')"></use></svg>
          <span class="seat-name">{{ q.name }}</span>
          <span class="seat-words">{{ q.words }}</span>
          <span class="seat-lasted">{{ q.limit }}</span>
        </li>
      </ul>
    </article>
  `,
  props: { tile: Object, src: String, boxes: Boolean },
  mounted() {
    this.sized = new ResizeObserver(() => this.spread());
    this.sized.observe(this.$el);
    this.spread();
  },
  updated() {
    this.spread();
  },
  unmounted() {
    this.sized.disconnect();
  },
  methods: {
    // Labels of neighbours that would cover each other stand one above the other.
    spread() {
      const taken = [];
      for (const chip of this.$el.querySelectorAll(".chip")) {
        const [x, y, width, height] = [chip.offsetLeft, chip.offsetTop, chip.offsetWidth, chip.offsetHeight];
        const free = (lift) =>
          !taken.some((t) => Math.abs(t.x - x) < (t.width + width) / 2 && Math.abs(t.y - y - lift) < height);
        const lift = [0, -1, 1, -2, 2].map((rows) => rows * (height + 1)).find(free) ?? 0;
        taken.push({ x, y: y + lift, width });
        chip.style.setProperty("--lift", lift + "px");
      }
    },
    points(corners) {
      return (corners || []).map((corner) => corner.join(",")).join(" ");
    },
    placed(things) {
      return (things || []).filter((thing) => thing.at);
    },
    place(at) {
      const left = Math.min(Math.max((100 * at[0]) / this.tile.width, 6), 94);
      const top = Math.min(Math.max((100 * at[1]) / this.tile.height, 1), 92);
      return { left: left + "%", top: top + "%" };
    },
    icon(name) {
      return "/console/static/icons.svg#" + name;
    },
  },
};
