// Sends a schedule file to the HTTP interface and shows what came of it: all of it was taken, or
// nothing, with every bad row named.
const MOST_SHOWN = 100;

export default {
  template: `
    <section class="card import">
      <h2 class="card-title">{{ words.title }}</h2>
      <div class="kinds" role="radiogroup" :aria-label="words.kind">
        <label v-for="k in kinds" class="kind" :class="{ 'is-on': k.id === kind }">
          <input type="radio" name="kind" class="sr-only" :value="k.id" v-model="kind" />
          <span>{{ k.words }}</span>
        </label>
      </div>
      <label class="drop" :class="{ 'is-over': over }" @dragover.prevent="over = true"
             @dragleave="over = false" @drop.prevent="dropped">
        <svg class="icon" aria-hidden="true"><use href="/console/static/icons.svg#upload"></use></svg>
        <span class="drop-words">{{ busy ? words.busy : words.drop }}</span>
        <span class="drop-choose">{{ words.choose }}</span>
        <input type="file" class="sr-only" accept=".csv,.xlsx,.txt" :disabled="busy" @change="chosen" />
      </label>
      <label v-if="kind === 'shifts'" class="switch">
        <input type="checkbox" v-model="replace" /><span>{{ words.replace }}</span>
      </label>
      <a class="import-template" :href="template" download>
        <svg class="icon" aria-hidden="true"><use href="/console/static/icons.svg#download"></use></svg>
        <span>{{ words.template }}</span>
      </a>
      <div class="import-result" role="status" aria-live="polite">
        <p v-if="said" :class="good ? 'import-good' : 'import-bad'">{{ said }}</p>
        <div v-if="errors.length" class="import-errors">
          <table>
            <thead><tr><th>{{ words.row }}</th><th>{{ words.column }}</th><th>{{ words.why }}</th></tr></thead>
            <tbody>
              <tr v-for="e in errors.slice(0, most)">
                <td>{{ e.row || words.file }}</td><td>{{ e.column || "–" }}</td><td>{{ e.why }}</td>
              </tr>
            </tbody>
          </table>
          <p v-if="errors.length > most" class="card-note">{{ words.more.replace("{n}", errors.length - most) }}</p>
        </div>
      </div>
    </section>
  `,
  props: { address: String, language: String, kinds: Array, words: Object },
  emits: ["imported"],
  data() {
    return { kind: this.kinds[0].id, replace: false, over: false, busy: false, said: "", good: true, errors: [], most: MOST_SHOWN };
  },
  computed: {
    template() {
      return this.kinds.find((k) => k.id === this.kind).template;
    },
  },
  watch: {
    kind() {
      this.said = "";
      this.errors = [];
    },
  },
  methods: {
    chosen(event) {
      this.send(event.target.files[0]);
      event.target.value = "";
    },
    dropped(event) {
      this.over = false;
      this.send(event.dataTransfer.files[0]);
    },
    async send(file) {
      if (!file || this.busy) return;
      this.busy = true;
      this.said = "";
      this.errors = [];
      const body = new FormData();
      body.append("file", file);
      const replace = this.kind === "shifts" && this.replace;
      try {
        const answer = await fetch(this.address + this.kind + "?replace=" + replace, {
          method: "POST",
          body,
          headers: { "Accept-Language": this.language },
        });
        this.tell(answer.status, await answer.json());
      } catch {
        this.tell(0, {});
      }
      this.busy = false;
    },
    tell(status, said) {
      this.good = status === 201;
      if (this.good) {
        this.said = this.words.done.replace(/\{(\w+)\}/g, (_, name) => said[name]);
        this.$emit("imported");
      } else if (status === 422 && said.errors && said.errors.length && "row" in said.errors[0]) {
        this.errors = said.errors;
        this.said = this.words.refused.replace("{n}", said.errors.length);
      } else {
        this.said = status === 413 ? this.words.tooBig : status === 401 ? this.words.over : this.words.failed;
      }
    },
  },
};
