// The clip and its timeline. Seconds count from the clip's first picture; the server says what
// happened when and how to call it.
export default {
  template: `
    <div class="player" :class="'severity-' + film.severity">
      <div class="player-picture" ref="picture">
        <video ref="video" :src="film.src" playsinline preload="metadata" disablepictureinpicture
               @click="toggle" @timeupdate="tick" @loadedmetadata="loaded" @error="broken = true"
               @play="run" @pause="running = false" @seeked="tick"></video>
        <svg v-if="(zones || boxes) && film.overlay" class="player-overlay" aria-hidden="true" preserveAspectRatio="xMidYMid meet"
             :viewBox="'0 0 ' + film.overlay.width + ' ' + film.overlay.height">
          <polygon v-for="z in zones ? film.overlay.zones : []" :class="'over-' + z.kind" :points="z.points.map((p) => p.join(',')).join(' ')" />
          <g v-for="[label, words, x1, y1, x2, y2] in boxes ? seen : []" :class="'over-box over-' + label">
            <rect :x="x1" :y="y1" :width="x2 - x1" :height="y2 - y1" />
            <text :x="x1" :y="y1 - 4" :font-size="letters()">{{ words }}</text>
          </g>
        </svg>
        <p v-if="broken" class="player-broken" role="alert">{{ film.words.broken }}</p>
      </div>
      <div class="timeline" ref="bar" role="slider" tabindex="0" :aria-label="film.words.timeline"
           aria-valuemin="0" :aria-valuemax="Math.round(length)" :aria-valuenow="Math.round(now)"
           :aria-valuetext="clock(now)" @pointerdown="grab" @keydown="step">
        <div class="timeline-track">
          <div class="timeline-preroll" :style="{ width: share(film.from) }" :title="film.words.preroll"></div>
          <div class="timeline-conduct" :style="{ left: share(film.from), width: share(film.to - film.from) }"></div>
          <div class="timeline-past" :style="{ width: share(now) }"></div>
        </div>
        <span v-for="m in inside" :class="'tick tick-' + m.kind" :style="{ left: share(m.at) }" :title="m.words + ' ' + m.clock"></span>
        <span class="timeline-head" :style="{ left: share(now) }"></span>
      </div>
      <div class="timeline-legend">
        <div class="legend-moments">
          <button type="button" class="btn btn-quiet player-play" @click="toggle" :aria-pressed="String(running)">
            <svg class="icon" aria-hidden="true"><use :href="'/console/static/icons.svg#' + (running ? 'pause' : 'play')"></use></svg>
            <span class="sr-only">{{ film.words.play }}</span></button>
          <button type="button" class="btn btn-quiet" @click="whole" :title="film.words.full" :aria-label="film.words.full">
            <svg class="icon" aria-hidden="true"><use href="/console/static/icons.svg#full"></use></svg></button>
          <span class="timeline-now">{{ clock(now) }}</span>
          <button v-for="m in film.marks" type="button" class="mark" :class="'mark-' + m.kind"
                  :disabled="!m.inside" :title="m.inside ? '' : film.words.outside" @click="seek(m.at)">
            <span class="mark-dot"></span><span>{{ m.words }}</span><span class="mark-clock">{{ m.clock }}</span>
          </button>
        </div>
        <div class="legend-tools">
          <template v-if="film.overlay">
            <label class="switch switch-zones"><input type="checkbox" v-model="zones" /><span>{{ film.words.zones }}</span></label>
            <label class="switch switch-boxes"><input type="checkbox" v-model="boxes" :title="film.words.drawn" /><span>{{ film.words.boxes }}</span></label>
          </template>
          <label class="speed"><span class="legend-words">{{ film.words.speed }}</span>
            <select @change="speed($event.target.value)">
              <option value="0.5">0.5×</option><option value="1" selected>1×</option>
              <option value="2">2×</option><option value="4">4×</option>
            </select>
          </label>
          <a class="btn btn-quiet" :href="film.src" download :title="film.words.save">
            <svg class="icon" aria-hidden="true"><use href="/console/static/icons.svg#download"></use></svg>
            <span class="legend-words">{{ film.words.save }}</span></a>
        </div>
      </div>
      <p class="player-covers" :class="{ 'is-part': !film.complete }">{{ film.covers }} · {{ film.whole }}</p>
      <p v-if="film.overlay && boxes" class="player-covers player-drawn">{{ film.words.drawn }}</p>
    </div>
  `,
  props: { film: Object },
  data() {
    return { now: 0, length: this.film.length, broken: false, zones: true, boxes: true, running: false };
  },
  computed: {
    // What the look nearest to this moment saw; looks are in the order of time.
    seen() {
      const { looks, within } = this.film.overlay;
      let first = 0, last = looks.length;
      while (first < last) {
        const middle = (first + last) >> 1;
        looks[middle][0] < this.now ? (first = middle + 1) : (last = middle);
      }
      const away = (look) => (look ? Math.abs(look[0] - this.now) : Infinity);
      const nearest = away(looks[first - 1]) <= away(looks[first]) ? looks[first - 1] : looks[first];
      return away(nearest) <= within ? nearest[1] : [];
    },
    inside() {
      return this.film.marks.filter((m) => m.inside);
    },
  },
  methods: {
    // Letters of the boxes, in the picture's own pixels: 11 px on the screen at least.
    letters() {
      const { width, height } = this.film.overlay;
      return Math.max(height / 36, (11 * width) / (this.$refs.picture?.clientWidth || width));
    },
    loaded({ target: video }) {
      const seconds = video.duration; // not by its reference: the player may be gone by now
      if (Number.isFinite(seconds) && seconds > 0) this.length = seconds;
      this.broken = false;
    },
    tick() {
      this.now = this.$refs.video ? this.$refs.video.currentTime : 0;
    },
    toggle() {
      this.$refs.video[this.$refs.video.paused ? "play" : "pause"]();
    },
    whole() {
      const picture = this.$refs.picture;
      document.fullscreenElement ? document.exitFullscreen() : picture.requestFullscreen?.();
    },
    run() {
      this.running = true;
      this.follow();
    },
    follow() {
      const video = this.$refs.video;
      if (!video) return;
      this.tick();
      if (!video.paused) requestAnimationFrame(this.follow);
    },
    share(seconds) {
      return (100 * Math.min(Math.max(seconds / this.length, 0), 1)).toFixed(3) + "%";
    },
    seek(seconds) {
      this.$refs.video.currentTime = Math.min(Math.max(seconds, 0), this.length);
      this.now = this.$refs.video.currentTime;
    },
    speed(times) {
      this.$refs.video.playbackRate = Number(times);
    },
    grab(event) {
      const bar = this.$refs.bar;
      const box = bar.getBoundingClientRect();
      const to = (e) => this.seek(((e.clientX - box.left) / box.width) * this.length);
      bar.setPointerCapture(event.pointerId);
      bar.onpointermove = to;
      bar.onpointerup = () => (bar.onpointermove = null);
      to(event);
    },
    step(event) {
      const steps = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 };
      if (event.key in steps) this.seek(this.now + steps[event.key]);
      else if (event.key === "Home") this.seek(0);
      else if (event.key === "End") this.seek(this.length);
      else if (event.key === " ") this.toggle();
      else return;
      event.preventDefault();
    },
    clock(seconds) {
      const [h, m, s] = this.film.starts.split(":").map(Number);
      const whole = Math.floor(h * 3600 + m * 60 + s + seconds) % 86400;
      const two = (n) => String(n).padStart(2, "0");
      return two(Math.floor(whole / 3600)) + ":" + two(Math.floor((whole % 3600) / 60)) + ":" + two(whole % 60);
    },
  },
};
