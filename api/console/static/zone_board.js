// Zones drawn on a camera's own picture, with mouse, finger or keyboard. The server gives the zones
// and is told of every finished change; the steps back and forth are kept here. What it says of a
// change when the next one is made already comes too late: the changes are counted.
//
// Corners are pixels of the camera's picture. A corner that comes near another zone's corner or
// edge, or the picture's border, snaps to it; Alt held down lets it go.
const SNAP_SCREEN_PX = 9;
const MOST_STEPS = 200;

export default {
  template: `
    <div class="board" :class="{ 'is-drawing': drawing }" @keydown="keys">
      <div class="board-tools" role="toolbar" :aria-label="words.tools">
        <button type="button" class="btn btn-quiet" :disabled="!past.length" @click="undo" :title="words.undo + ' (Ctrl+Z)'">
          <svg class="icon" aria-hidden="true"><use :href="icon('undo')"></use></svg><span>{{ words.undo }}</span></button>
        <button type="button" class="btn btn-quiet" :disabled="!future.length" @click="redo" :title="words.redo + ' (Ctrl+Y)'">
          <svg class="icon" aria-hidden="true"><use :href="icon('redo')"></use></svg><span>{{ words.redo }}</span></button>
        <button type="button" class="btn btn-quiet" :disabled="!chosen || drawing" @click="redraw">
          <svg class="icon" aria-hidden="true"><use :href="icon('zones')"></use></svg><span>{{ words.redraw }}</span></button>
        <button type="button" class="btn btn-quiet" :disabled="!chosen || drawing" @click="box">
          <svg class="icon" aria-hidden="true"><use :href="icon('copy')"></use></svg><span>{{ words.box }}</span></button>
        <button type="button" class="btn btn-quiet" :disabled="!zone" @click="remove">
          <svg class="icon" aria-hidden="true"><use :href="icon('delete')"></use></svg><span>{{ words.remove }}</span></button>
      </div>
      <div class="board-picture" ref="frame" :style="{ aspectRatio: width + ' / ' + height }">
        <img v-if="picture" :src="picture" alt="" draggable="false" />
        <p v-else class="board-blank">{{ words.blank }}</p>
        <svg ref="svg" :viewBox="'0 0 ' + width + ' ' + height" role="group" :aria-label="words.board" tabindex="-1"
             @pointerdown="press" @pointermove="move" @pointerup="release" @dblclick="finish">
          <g v-for="z in others" :key="z.key" class="drawn" :class="'drawn-' + z.kind">
            <polygon :points="text(z.points)" @pointerdown.stop="choose(z.key)"><title>{{ z.name }}</title></polygon>
          </g>
          <g v-if="zone" class="drawn is-chosen" :class="['drawn-' + zone.kind, { 'is-flawed': flawed }]">
            <polygon :points="text(zone.points)" />
            <line v-for="(p, i) in zone.points" :key="'e' + i" class="edge" :x1="p[0]" :y1="p[1]"
                  :x2="next(i)[0]" :y2="next(i)[1]" @pointerdown.stop="split($event, i)" />
            <circle v-for="(p, i) in zone.points" :key="'c' + i" class="corner" :class="{ 'is-held': held === i }"
                    :cx="p[0]" :cy="p[1]" :r="radius" tabindex="0" role="button" :data-corner="i"
                    :aria-label="words.corner.replace('{n}', i + 1) + ' ' + Math.round(p[0]) + ', ' + Math.round(p[1])"
                    @pointerdown.stop="grab($event, i)" />
          </g>
          <g v-if="drawing" class="drawn is-chosen" :class="'drawn-' + kindOf(chosen)">
            <polyline :points="text(hover ? [...drawing, hover] : drawing)" />
            <circle v-for="(p, i) in drawing" :key="i" class="corner" :class="{ 'is-first': i === 0 }" :cx="p[0]" :cy="p[1]" :r="radius" />
          </g>
          <circle v-if="snapped" class="snapped" :cx="snapped[0]" :cy="snapped[1]" :r="radius * 1.7" />
        </svg>
      </div>
      <p class="board-hint" role="status">{{ hint }}</p>
    </div>
  `,
  props: { picture: String, width: Number, height: Number, zones: Array, chosen: String, flaws: Object, words: Object, turn: Number },
  emits: ["draw", "choose"],
  data() {
    return { told: this.turn, mine: {}, past: [], future: [], drawing: null, hover: null, held: -1, body: null, before: "", snapped: null, scale: 1 };
  },
  created() {
    this.take();
  },
  mounted() {
    this.watcher = new ResizeObserver(() => (this.scale = this.width / (this.$refs.svg?.clientWidth || this.width)));
    this.watcher.observe(this.$refs.frame);
  },
  unmounted() {
    this.watcher.disconnect();
  },
  watch: {
    zones() {
      if (this.held < 0 && !this.body && this.turn === this.told) this.take();
    },
    chosen() {
      this.drawing = null;
    },
  },
  computed: {
    zone() {
      return this.drawn.find((z) => z.key === this.chosen) || null;
    },
    drawn() {
      return this.zones.filter((z) => this.mine[z.key]).map((z) => ({ ...z, points: this.mine[z.key] }));
    },
    others() {
      return this.drawn.filter((z) => z.key !== this.chosen);
    },
    flawed() {
      return Boolean(this.flaws[this.chosen]);
    },
    radius() {
      return 6 * this.scale;
    },
    hint() {
      if (this.drawing) return this.words.drawing;
      if (this.flawed) return this.flaws[this.chosen];
      if (this.zone) return this.words.edit;
      return this.chosen ? this.words.draw : this.words.pick;
    },
  },
  methods: {
    take() {
      const mine = {};
      for (const z of this.zones) if (z.points.length) mine[z.key] = z.points.map((p) => [...p]);
      this.mine = mine;
    },
    icon(name) {
      return "/console/static/icons.svg#" + name;
    },
    text(points) {
      return points.map((p) => p.join(",")).join(" ");
    },
    kindOf(key) {
      return this.zones.find((z) => z.key === key)?.kind || "";
    },
    next(i) {
      return this.zone.points[(i + 1) % this.zone.points.length];
    },
    choose(key) {
      if (!this.drawing) this.$emit("choose", key);
    },
    at(event) {
      const box = this.$refs.svg.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * this.width, ((event.clientY - box.top) / box.height) * this.height];
    },
    inside([x, y]) {
      return [Math.round(Math.min(Math.max(x, 0), this.width)), Math.round(Math.min(Math.max(y, 0), this.height))];
    },
    // The nearest corner, else the nearest point of an edge or of the picture's border.
    snap(point, event, but) {
      this.snapped = null;
      if (event.altKey) return this.inside(point);
      const reach = SNAP_SCREEN_PX * this.scale;
      const frame = [[0, 0], [this.width, 0], [this.width, this.height], [0, this.height]];
      const shapes = [...this.drawn.filter((z) => z.key !== but).map((z) => z.points), frame];
      const found = nearest(shapes.flat(), point, reach) || nearest(shapes.flatMap((s) => feet(s, point)), point, reach);
      if (found) this.snapped = this.inside(found);
      return this.snapped || this.inside(point);
    },
    keep(change) {
      const before = JSON.stringify(this.mine);
      change();
      this.done(before);
    },
    done(before) {
      const now = JSON.stringify(this.mine);
      if (before === now) return;
      this.past = [...this.past.slice(-MOST_STEPS), before];
      this.future = [];
      this.tell();
    },
    tell() {
      this.told += 1;
      this.$emit("draw", this.told, Object.entries(this.mine).map(([key, points]) => ({ key, points })));
    },
    undo() {
      if (this.drawing) {
        this.drawing = this.drawing.length > 1 ? this.drawing.slice(0, -1) : null;
        return;
      }
      this.step(this.past, this.future);
    },
    redo() {
      this.step(this.future, this.past);
    },
    step(from, to) {
      if (!from.length) return;
      to.push(JSON.stringify(this.mine));
      this.mine = JSON.parse(from.pop());
      this.tell();
    },
    redraw() {
      this.drawing = [];
      this.hover = null;
    },
    box() {
      const [w, h] = [this.width, this.height];
      const points = [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6]].map(([x, y]) => this.inside([x * w, y * h]));
      this.keep(() => (this.mine = { ...this.mine, [this.chosen]: points }));
      this.$nextTick(() => this.focus(0));
    },
    remove() {
      this.keep(() => {
        const { [this.chosen]: _, ...rest } = this.mine;
        this.mine = rest;
      });
    },
    press(event) {
      this.$refs.svg.focus({ preventScroll: true }); // so that keys are heard
      if (!this.chosen) return;
      if (this.drawing || !this.zone) {
        if (!this.drawing) this.redraw();
        const point = this.snap(this.at(event), event, this.chosen);
        const first = this.drawing[0];
        if (this.drawing.length > 2 && distance(first, point) < 2 * SNAP_SCREEN_PX * this.scale) this.finish();
        else this.drawing = [...this.drawing, point];
      } else if (holds(this.zone.points, this.at(event))) {
        this.before = JSON.stringify(this.mine);
        this.body = { from: this.at(event), points: this.zone.points };
        this.$refs.svg.setPointerCapture(event.pointerId);
      }
    },
    grab(event, i) {
      if (this.drawing) return;
      this.before = JSON.stringify(this.mine);
      this.held = i;
      this.$refs.svg.setPointerCapture(event.pointerId);
      event.target.focus();
    },
    split(event, i) {
      if (this.drawing) return;
      this.before = JSON.stringify(this.mine);
      const points = [...this.zone.points];
      points.splice(i + 1, 0, this.inside(this.at(event)));
      this.put(points);
      this.held = i + 1;
      this.$refs.svg.setPointerCapture(event.pointerId);
    },
    put(points) {
      this.mine = { ...this.mine, [this.chosen]: points };
    },
    move(event) {
      if (this.drawing) {
        this.hover = this.snap(this.at(event), event, this.chosen);
      } else if (this.held >= 0) {
        const points = [...this.zone.points];
        points[this.held] = this.snap(this.at(event), event, this.chosen);
        this.put(points);
      } else if (this.body) {
        const [x, y] = this.at(event);
        this.shift(this.body.points, x - this.body.from[0], y - this.body.from[1]);
      }
    },
    shift(points, dx, dy) {
      const xs = points.map((p) => p[0]);
      const ys = points.map((p) => p[1]);
      const across = Math.min(Math.max(dx, -Math.min(...xs)), this.width - Math.max(...xs));
      const down = Math.min(Math.max(dy, -Math.min(...ys)), this.height - Math.max(...ys));
      this.put(points.map(([x, y]) => this.inside([x + across, y + down])));
    },
    release() {
      if (this.held < 0 && !this.body) return;
      this.held = -1;
      this.body = null;
      this.snapped = null;
      this.done(this.before);
    },
    finish() {
      if (!this.drawing) return;
      const points = this.drawing.filter((p, i, all) => !i || distance(p, all[i - 1]) > 1);
      this.drawing = this.hover = this.snapped = null;
      if (points.length > 2) this.keep(() => this.put(points));
    },
    focus(i) {
      this.$refs.svg?.querySelector(`[data-corner="${i}"]`)?.focus();
    },
    keys(event) {
      const control = event.ctrlKey || event.metaKey;
      const corner = event.target.dataset?.corner;
      const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      if (control && event.key.toLowerCase() === "z") event.shiftKey ? this.redo() : this.undo();
      else if (control && event.key.toLowerCase() === "y") this.redo();
      else if (event.key === "Escape" && this.drawing) this.drawing = null;
      else if (event.key === "Enter" && this.drawing) this.finish();
      else if (corner !== undefined && event.key in arrows) this.nudge(Number(corner), arrows[event.key], event);
      else if (corner !== undefined && ["Delete", "Backspace"].includes(event.key)) this.drop(Number(corner));
      else if (corner !== undefined && ["Insert", "+"].includes(event.key)) this.add(Number(corner));
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    nudge(i, [dx, dy], event) {
      const by = event.shiftKey ? 10 : 1;
      this.keep(() => {
        if (event.ctrlKey || event.metaKey) return this.shift(this.zone.points, dx * by, dy * by);
        const points = [...this.zone.points];
        points[i] = this.inside([points[i][0] + dx * by, points[i][1] + dy * by]);
        this.put(points);
      });
    },
    drop(i) {
      if (this.zone.points.length < 4) return;
      this.keep(() => this.put(this.zone.points.filter((_, k) => k !== i)));
      this.$nextTick(() => this.focus(Math.max(i - 1, 0)));
    },
    add(i) {
      const [a, b] = [this.zone.points[i], this.next(i)];
      const points = [...this.zone.points];
      points.splice(i + 1, 0, this.inside([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]));
      this.keep(() => this.put(points));
      this.$nextTick(() => this.focus(i + 1));
    },
  },
};

function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function nearest(points, to, reach) {
  const best = points.reduce((kept, p) => (!kept || distance(p, to) < distance(kept, to) ? p : kept), null);
  return best && distance(best, to) <= reach ? best : null;
}

// The point of each edge that lies nearest.
function feet(points, to) {
  return points.map((a, i) => {
    const b = points[(i + 1) % points.length];
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const long = dx * dx + dy * dy || 1;
    const share = Math.min(Math.max(((to[0] - a[0]) * dx + (to[1] - a[1]) * dy) / long, 0), 1);
    return [a[0] + share * dx, a[1] + share * dy];
  });
}

function holds(points, [x, y]) {
  let inside = false;
  points.forEach(([ax, ay], i) => {
    const [bx, by] = points[(i + 1) % points.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}
