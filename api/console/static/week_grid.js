// A week of one window: shifts as blocks that are drawn, moved and stretched by mouse or keyboard.
// The server decides what is possible; the grid only asks, and draws what it is told.
const SNAP_MIN = 15;
const HOUR_PX = 44;
const DRAG_PX = 4;
const KEY_PAUSE_MS = 700;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const snap = (minute) => Math.round(minute / SNAP_MIN) * SNAP_MIN;
const clock = (minute) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

export default {
  props: { days: Array, blocks: Array, hours: Array, editable: Boolean, words: Object, now: Object },
  emits: ["create", "move", "open", "drop"],
  data: () => ({ draft: null, drag: null, cursor: { day: 0, minute: 540, length: 60 }, focused: false }),
  template: `
    <div class="week" :class="{ 'week-fixed': !editable }">
      <div class="week-heads" aria-hidden="true">
        <span class="week-corner"></span>
        <div v-for="day in days" class="week-head" :class="{ 'is-today': day.today, 'is-rest': day.rest }">
          <span class="week-day">{{ day.words }}</span><span class="week-date">{{ day.date }}</span>
          <span v-if="day.note" class="week-note">{{ day.note }}</span>
        </div>
      </div>
      <div class="week-body" :style="{ height: height + 'px' }">
        <div class="week-hours" aria-hidden="true">
          <span v-for="h in marks" :style="{ top: top(h * 60) + 'px' }">{{ String(h).padStart(2, "0") }}</span>
        </div>
        <div ref="field" class="week-field" :tabindex="editable ? 0 : -1" role="group"
          :aria-label="words.grid" @keydown.self="walk" @focus="focused = true" @blur="focused = false">
          <div v-for="(day, d) in days" class="week-column" :class="{ 'is-rest': day.rest }"
            @pointerdown.self="begin($event, d)">
            <div v-for="span in day.closed" class="week-closed" :style="place(span)" aria-hidden="true"></div>
            <div v-for="span in day.breaks" class="week-break" :style="place(span)" aria-hidden="true">
              <span>{{ words.break }}</span></div>
            <div v-if="now && now.day === d" class="week-now" :style="{ top: top(now.minute) + 'px' }"></div>
            <button v-for="b in shown(d)" type="button" :key="b.key + b.part" class="week-block"
              :class="['week-' + b.post.toLowerCase(), { 'is-away': b.away, 'is-moving': drag && drag.key === b.key }]"
              :style="{ ...place(b), left: 'calc(' + 100 * b.lane / b.lanes + '% + 2px)', width: 'calc(' + 100 / b.lanes + '% - 4px)' }"
              :aria-label="b.label" :title="b.label" :data-key="b.key"
              @pointerdown.stop="grab($event, b, 'move')" @keydown.stop="press($event, b)" @click.stop="click(b)">
              <span class="week-who"><span class="week-post">{{ b.post }}</span>{{ b.name }}
                <svg v-if="b.weekly" class="icon" aria-hidden="true"><use href="/console/static/icons.svg#replay"/></svg></span>
              <span class="week-span">{{ span(b) }}</span>
              <span v-if="b.away" class="week-away">{{ words.away }}</span>
              <template v-if="editable && b.whole">
                <span class="week-edge week-edge-top" @pointerdown.stop.prevent="grab($event, b, 'start')"></span>
                <span class="week-edge week-edge-bottom" @pointerdown.stop.prevent="grab($event, b, 'end')"></span>
              </template>
            </button>
            <div v-if="draft && draft.day === d" class="week-draft" :style="place(draft)">{{ span(draft) }}</div>
            <div v-else-if="focused && cursor.day === d" class="week-draft" :style="place(chosen)">{{ span(chosen) }}</div>
          </div>
        </div>
      </div>
    </div>`,
  computed: {
    first() { return this.hours[0] * 60; },
    last() { return this.hours[1] * 60; },
    height() { return (this.hours[1] - this.hours[0]) * HOUR_PX; },
    marks() { return Array.from({ length: this.hours[1] - this.hours[0] }, (_, i) => this.hours[0] + i); },
    chosen() { return { from: this.cursor.minute, to: this.cursor.minute + this.cursor.length }; },
  },
  methods: {
    top(minute) { return ((minute - this.first) / 60) * HOUR_PX; },
    place(span) {
      const from = clamp(span.from, this.first, this.last);
      const to = clamp(span.to, this.first, this.last);
      return { top: `${this.top(from)}px`, height: `${Math.max(this.top(to) - this.top(from) - 1, 0)}px` };
    },
    span(b) { return `${clock(b.from)}–${clock(b.to)}`; },
    shown(d) {
      const list = this.blocks.filter((b) => b.day === d && !(this.drag && this.drag.key === b.key));
      if (this.drag && this.drag.block && this.drag.day === d) list.push({ ...this.drag.block, ...this.drag.span, day: d });
      return list;
    },
    minuteAt(event) {
      const box = this.$refs.field.getBoundingClientRect();
      return clamp(snap(this.first + ((event.clientY - box.top) / HOUR_PX) * 60), this.first, this.last);
    },
    dayAt(event) {
      const box = this.$refs.field.getBoundingClientRect();
      return clamp(Math.floor(((event.clientX - box.left) / box.width) * this.days.length), 0, this.days.length - 1);
    },
    follow(move, end) {
      const stop = (event) => {
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", stop);
        removeEventListener("pointercancel", stop);
        end(event.type === "pointerup");
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", stop);
      addEventListener("pointercancel", stop);
    },
    begin(event, day) {
      if (!this.editable || event.button !== 0) return;
      const start = this.minuteAt(event);
      this.draft = { day, from: start, to: start };
      this.follow(
        (moved) => {
          const here = this.minuteAt(moved);
          this.draft = { day, from: Math.min(start, here), to: Math.max(start, here) };
        },
        (done) => {
          const draft = this.draft;
          this.draft = null;
          if (!done) return;
          const length = draft.to - draft.from >= SNAP_MIN ? draft.to - draft.from : 60;
          this.$emit("create", { day, from: draft.from, to: Math.min(draft.from + length, 1440) });
        },
      );
    },
    grab(event, block, what) {
      this.dragged = false;
      if (!this.editable || !block.whole || event.button !== 0) return;
      const startX = event.clientX, startY = event.clientY, at = this.minuteAt(event);
      this.follow(
        (moved) => {
          if (!this.dragged && Math.hypot(moved.clientX - startX, moved.clientY - startY) < DRAG_PX) return;
          this.dragged = true;
          const by = this.minuteAt(moved) - at;
          this.drag = { key: block.key, block, day: what === "move" ? this.dayAt(moved) : block.day, span: this.shifted(block, what, by) };
        },
        (done) => {
          const drag = this.drag;
          this.drag = null;
          if (done && drag) this.$emit("move", { key: block.key, day: drag.day, ...drag.span });
        },
      );
    },
    shifted(block, what, by) {
      const length = block.to - block.from;
      if (what === "start") return { from: clamp(block.from + by, this.first, block.to - SNAP_MIN), to: block.to };
      if (what === "end") return { from: block.from, to: clamp(block.to + by, block.from + SNAP_MIN, this.last) };
      const from = clamp(block.from + by, this.first, this.last - length);
      return { from, to: from + length };
    },
    click(block) {
      if (this.dragged) this.dragged = false;
      else if (this.editable) this.$emit("open", { key: block.key });
    },
    press(event, block) {
      const steps = { ArrowUp: [0, -SNAP_MIN], ArrowDown: [0, SNAP_MIN], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
      if (!this.editable) return;
      if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        this.$emit("drop", { key: block.key });
      } else if (event.key in steps && block.whole) {
        event.preventDefault();
        const [days, minutes] = steps[event.key];
        const held = this.held && this.held.key === block.key ? this.held : { ...block };
        const span = this.shifted(held, event.shiftKey ? "end" : "move", minutes);
        this.held = { ...held, ...span, day: clamp(held.day + days, 0, this.days.length - 1) };
        this.drag = { key: block.key, block, day: this.held.day, span };
        this.$nextTick(() => this.$el.querySelector(`[data-key="${block.key}"]`)?.focus());
        clearTimeout(this.settle);
        this.settle = setTimeout(() => {
          const { key, day, from, to } = this.held;
          this.held = this.drag = null;
          this.$emit("move", { key, day, from, to });
        }, KEY_PAUSE_MS);
      }
    },
    walk(event) {
      const c = this.cursor;
      const steps = { ArrowUp: [0, -30], ArrowDown: [0, 30], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
      if (event.key in steps) {
        event.preventDefault();
        const [days, minutes] = steps[event.key];
        if (event.shiftKey) c.length = clamp(c.length + minutes, SNAP_MIN, this.last - c.minute);
        else {
          c.day = clamp(c.day + days, 0, this.days.length - 1);
          c.minute = clamp(c.minute + minutes, this.first, this.last - c.length);
        }
      } else if (event.key === "Enter") {
        event.preventDefault();
        this.$emit("create", { day: c.day, ...this.chosen });
      }
    },
  },
};
