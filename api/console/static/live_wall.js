// The wall of cameras, to be left open all day. One socket brings what changed: tiles as JSON,
// pictures as JPEG. Each camera keeps one picture; the address of the one before is given back.
import CameraTile from "/console/static/camera_tile.js";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8000;
const SAID_AFTER_MS = 2500;
const NOT_SIGNED_IN = 4401;
const BOXES = "live-boxes";

export default {
  components: { CameraTile },
  template: `
    <div class="live-wall">
      <div class="wall-head">
        <ul class="tally" :aria-label="words.tally">
          <li v-for="[phase, name] in shownPhases" class="tally-one" :class="['phase-' + phase, { 'is-none': !counts[phase] }]">
            <svg class="icon" aria-hidden="true"><use :href="'/console/static/icons.svg#phase-' + phase"></use></svg>
            <span class="tally-n">{{ counts[phase] || 0 }}</span><span>{{ name }}</span>
          </li>
        </ul>
        <span v-if="lost" class="badge badge-warn" role="status">{{ words.lost }}</span>
        <span v-if="stretch > 1.2" class="badge badge-warn" role="status">
          <svg class="icon" aria-hidden="true"><use href="/console/static/icons.svg#slow"></use></svg>
          {{ words.slow.replace("{n}", stretch.toFixed(1)) }}</span>
        <label class="switch"><input type="checkbox" v-model="boxes" @change="remember" /><span>{{ words.boxes }}</span></label>
      </div>
      <div class="wall" :data-cameras="Math.min(cameras.length, 3)">
        <camera-tile v-for="id in ready" :key="id" :tile="tiles[id]" :src="pictures[id] || ''" :boxes="boxes" />
      </div>
    </div>
  `,
  props: { language: String, phases: Array, words: Object },
  data() {
    return { cameras: [], tiles: {}, pictures: {}, stretch: 1, lost: false, boxes: localStorage.getItem(BOXES) === "yes" };
  },
  computed: {
    ready() {
      return this.cameras.filter((id) => this.tiles[id]);
    },
    counts() {
      const counts = {};
      for (const id of this.ready) for (const w of this.tiles[id].windows) counts[w.phase] = (counts[w.phase] || 0) + 1;
      return counts;
    },
    shownPhases() {
      return this.phases.filter(([phase]) => phase !== "closed" || this.counts[phase]);
    },
  },
  mounted() {
    this.retryMs = FIRST_RETRY_MS;
    this.connect();
  },
  unmounted() {
    this.over = true;
    clearTimeout(this.timer);
    this.socket?.close();
    Object.values(this.pictures).forEach(URL.revokeObjectURL);
  },
  methods: {
    remember() {
      localStorage.setItem(BOXES, this.boxes ? "yes" : "no");
    },
    connect() {
      const scheme = location.protocol === "https:" ? "wss://" : "ws://";
      const socket = new WebSocket(scheme + location.host + "/console/live-feed?language=" + this.language);
      socket.binaryType = "arraybuffer";
      socket.onmessage = (event) => this.heard(event.data);
      socket.onclose = (event) => this.closed(event.code);
      this.socket = socket;
    },
    closed(code) {
      if (this.over) return;
      if (code === NOT_SIGNED_IN) return window.location.reload();
      this.saying ||= setTimeout(() => (this.lost = true), SAID_AFTER_MS);
      this.timer = setTimeout(() => this.connect(), this.retryMs * (0.7 + 0.6 * Math.random()));
      this.retryMs = Math.min(2 * this.retryMs, LAST_RETRY_MS);
    },
    heard(data) {
      clearTimeout(this.saying);
      this.saying = null;
      this.lost = false;
      this.retryMs = FIRST_RETRY_MS;
      if (typeof data === "string") this.told(JSON.parse(data));
      else this.pictured(new Uint8Array(data));
    },
    told({ cameras, stretch, tiles }) {
      this.stretch = stretch;
      if (String(cameras) !== String(this.cameras)) this.cameras = cameras;
      for (const tile of tiles) this.tiles[tile.id] = tile;
      for (const id of Object.keys(this.tiles)) if (!cameras.includes(id)) this.forget(id);
    },
    pictured(bytes) {
      const id = new TextDecoder().decode(bytes.subarray(1, 1 + bytes[0]));
      const before = this.pictures[id];
      this.pictures[id] = URL.createObjectURL(new Blob([bytes.subarray(1 + bytes[0])], { type: "image/jpeg" }));
      if (before) setTimeout(() => URL.revokeObjectURL(before), 1000); // it may still be decoding
    },
    forget(id) {
      if (this.pictures[id]) URL.revokeObjectURL(this.pictures[id]);
      delete this.pictures[id];
      delete this.tiles[id];
    },
  },
};
