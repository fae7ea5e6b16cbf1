// A list of alerts. Rows are links, so that the mouse, the keyboard and a screen reader all know
// what to do with them; Vue keeps a row's element (and the focus on it) when others come in.
export default {
  template: `
    <div class="alerts" :class="{ 'is-compact': compact }">
      <p v-if="!rows.length && nothing" class="alerts-nothing">{{ nothing }}</p>
      <div v-if="heads.length && rows.length" class="alert-heads" aria-hidden="true">
        <span></span><span v-for="head in heads">{{ head }}</span>
      </div>
      <ul v-if="rows.length" ref="list" @keydown="walk">
        <li v-for="row in rows" :key="row.uid" class="alert"
            :class="['severity-' + row.severity, { 'is-unread': row.unread, 'is-fresh': fresh.has(row.uid) }]"
            :data-uid="row.uid" :data-state="row.state">
          <a class="alert-link" :href="row.href">
            <span class="alert-severity" :title="row.severityWords">
              <svg class="icon" aria-hidden="true"><use :href="icon(row.severity)"></use></svg>
              <span class="sr-only">{{ row.severityWords }}</span>
            </span>
            <span class="alert-rule">{{ row.rule }}</span>
            <span class="alert-place">{{ row.place }}</span>
            <span class="alert-person">{{ row.person }}<span v-if="row.exempt" class="badge badge-info alert-exempt">{{ row.exempt }}</span><span v-if="row.noted" class="badge badge-info alert-exempt">{{ row.noted }}</span></span>
            <span class="alert-when">
              <span class="alert-began"><span class="alert-day">{{ row.day }} </span>{{ row.began }}</span>
              <span class="alert-ago">{{ row.ago }}</span>
            </span>
            <span class="alert-lasted" :class="{ 'is-ongoing': row.ongoing }">{{ row.lasted }}</span>
            <span class="alert-state" :class="'state-' + row.state">{{ row.stateWords }}</span>
          </a>
          <button v-if="takes && row.unread" type="button" class="btn btn-quiet alert-take"
                  @click="$emit('take', row.uid)">
            <svg class="icon" aria-hidden="true"><use :href="icon('check')"></use></svg>
            <span>{{ row.take }}</span>
          </button>
        </li>
      </ul>
    </div>
  `,
  props: { rows: Array, compact: Boolean, heads: Array, nothing: String, takes: Boolean },
  emits: ["take"],
  data() {
    return { known: null, fresh: new Set() };
  },
  created() {
    this.known = new Set(this.rows.map((row) => row.uid));
  },
  watch: {
    rows(rows) {
      const first = this.known.size === 0;
      const fresh = rows.filter((row) => !this.known.has(row.uid)).map((row) => row.uid);
      this.known = new Set(rows.map((row) => row.uid));
      // One or a few that came in are news; a whole new list is only another filter.
      this.fresh = new Set(!first && fresh.length <= 3 ? fresh : []);
    },
  },
  methods: {
    icon(name) {
      return "/console/static/icons.svg#" + name;
    },
    walk(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const links = [...this.$refs.list.querySelectorAll(".alert-link")];
      const at = links.indexOf(event.target);
      if (at < 0) return;
      const steps = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, Home: -at, End: links.length - 1 - at };
      if (event.key in steps) {
        event.preventDefault();
        links[Math.min(Math.max(at + steps[event.key], 0), links.length - 1)].focus();
      } else if (event.key === "a" && this.takes && this.rows[at].unread) {
        event.preventDefault();
        this.$emit("take", this.rows[at].uid);
      }
    },
  },
};
