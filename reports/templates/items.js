// The list of items: its rows by the state of the form or of the address. The page reads without it, as a shorter list.
(() => {
  const section = document.getElementById("items");
  if (!section) return;
  const kRows = 50;  // on a page
  const {make, row, body, count} = item_view;
  const form = section.querySelector("form.tools");
  const output = form.querySelector("output");
  const notice = section.querySelector(".notice");
  const found = section.querySelector(".found");
  const grouped = (number) => number.toLocaleString("en");

  class List {
    constructor(data) {
      this.data = data;
      this.index = data.index;
      this.items = item_filter.items_of(data.index);
      this.by_key = new Map(this.items.map((item) => [item.key, item]));
      this.accepts_harm = false;  // not in a link: whoever follows it decides anew
      this.all = [];  // what the filters find
      this.hits = [];  // of these what is shown
      this.hidden = 0;  // the others, behind the content warning
      this.drawing = 0;
      this.applying = 0;
    }

    set(state) {
      this.state = state;
      item_form.show_state(form, state, this.index);
    }

    write_address() {
      try {
        history.replaceState(null, "", item_address.write("items", this.state, this.index));
      } catch {
        // A browser that allows no more changes for a while (Safari: 100 in 30 s) shows the address of before.
      }
    }

    // Finds what the state asks for and draws it. Of several calls the last wins.
    async apply() {
      const number = ++this.applying;
      const query = this.state.q.trim();
      found.setAttribute("aria-busy", "true");
      if (query) {
        output.value = "Searching…";
        await this.data.ready();
        if (number !== this.applying) return;
      }
      const {all, counts} = item_filter.find(this.items, this.index, this.state, query ? this.data.search(query) : undefined);
      this.all = all;
      this.hits = this.accepts_harm ? all : all.filter((item) => !item.task.harmful);
      this.hidden = all.length - this.hits.length;
      this.state.page = Math.min(this.state.page, Math.max(0, Math.ceil(this.hits.length / kRows) - 1));
      output.value = `${grouped(all.length)} of ${count(this.items.length, "item")}`;
      item_form.show_counts(form, counts);
      notice.replaceChildren(...this.warning());
      await this.draw();
      if (number === this.applying) found.setAttribute("aria-busy", "false");
    }

    async draw() {
      const number = ++this.drawing;
      const pattern = item_data.pattern_of(this.state.q);
      const shown = this.hits.slice(this.state.page * kRows, (this.state.page + 1) * kRows);
      const texts = await Promise.all(shown.map((item) => this.data.texts(item.index)));
      if (number !== this.drawing) return;
      const rows = [];
      let task;
      shown.forEach((item, i) => {
        if (item.task !== task) {
          task = item.task;
          rows.push(make("h3", {}, task.name, " ", make("small", {}, task.details)));
        }
        const element = row({...item, runs: this.runs_of(item)}, texts[i], pattern);
        if (task.harmful) element.classList.add("harmful");
        rows.push(element);
      });
      if (!rows.length && !this.hidden) rows.push(make("p", {class: "soft"}, "No item has all of that."));
      found.replaceChildren(make("div", {class: "rows"}, ...rows), ...this.pages());
    }

    // The runs of an item, the compared ones first.
    runs_of(item, texts) {
      const {a, b} = this.state;
      const is_pair = item_filter.is_pair(this.index);
      const order = [...new Set([...(is_pair ? [a, b] : [a]), ...this.index.runs.keys()])];
      return order.filter((number) => item.task.runs.includes(number)).map((number) => ({
        run: this.index.runs[number], verdict: item_filter.verdict_in(item, number),
        texts: texts?.[2][item.task.runs.indexOf(number)],
        first: is_pair && number === a, second: is_pair && number === b,
      }));
    }

    async fill(details) {
      const item = this.items[Number(details.dataset.item)];
      const texts = await this.data.texts(item.index);
      if (details.querySelector(".body")) return;
      details.append(body({...item, runs: this.runs_of(item, texts)}, texts, item_data.pattern_of(this.state.q),
                          item_address.of_item(item, this.state, this.index)));
    }

    warning() {
      if (!this.hidden) return [];
      const button = make("button", {type: "button"}, "Show them");
      button.addEventListener("click", () => {
        this.accepts_harm = true;
        if (this.wanted) this.open(this.wanted);
        else this.apply();
      });
      const asks = `${count(this.hidden, "item")} found here ${this.hidden === 1 ? "asks" : "ask"} for harm`;
      return [make("p", {class: "warning"}, `Content warning: ${asks}, and the answers may be harmful. `, button)];
    }

    pages() {
      const last = Math.ceil(this.hits.length / kRows) - 1;
      if (last < 1) return [];
      const from = this.state.page * kRows;
      const to = Math.min(from + kRows, this.hits.length);
      const button = (label, page) => {
        const element = make("button", {type: "button", disabled: page < 0 || page > last}, label);
        element.addEventListener("click", () => this.turn_to(page));
        return element;
      };
      return [make("nav", {class: "pages", "aria-label": "Pages of items"}, button("Previous", this.state.page - 1),
                   make("span", {}, `${grouped(from + 1)} to ${grouped(to)} of ${grouped(this.hits.length)}`),
                   button("Next", this.state.page + 1))];
    }

    async turn_to(page) {
      this.state.page = page;
      this.write_address();
      await this.draw();
      form.scrollIntoView();
      found.querySelector("summary")?.focus({preventScroll: true});
    }

    // Opens an item of a link: within the filters of the link, or without them where they leave it out.
    async open(item) {
      this.wanted = item.task.harmful && !this.accepts_harm ? item : undefined;
      await this.apply();
      if (!this.all.includes(item)) {
        this.set({...this.state, ...item_filter.kAll});
        await this.apply();
      }
      if (this.wanted) {
        notice.scrollIntoView();
        return;
      }
      this.state.page = Math.floor(this.hits.indexOf(item) / kRows);
      await this.draw();
      const details = found.querySelector(`[data-item="${item.index}"]`);
      if (!details) return;
      details.open = true;
      await this.fill(details);
      details.scrollIntoView();
      details.querySelector("summary").focus({preventScroll: true});
    }

    async follow_address() {
      const {state, key} = item_address.read(document.location.hash, this.index);
      this.wanted = undefined;
      this.set(state);
      const item = this.by_key.get(key);
      if (item) {
        await this.open(item);
        return;
      }
      await this.apply();
      if (key === undefined) return;
      notice.prepend(make("p", {class: "warning"}, "The item of this link is not in this page."));
      section.scrollIntoView();
    }

    change(state) {
      this.wanted = undefined;
      this.set(state);
      this.write_address();
      this.apply();
    }
  }

  const connect = (list) => {
    let waiting = 0;
    form.addEventListener("input", (event) => {
      found.setAttribute("aria-busy", "true");
      clearTimeout(waiting);
      const delay = event.target === form.elements.q ? 120 : 0;  // milliseconds: the next key may follow
      waiting = setTimeout(() => list.change(item_form.read(form, list.state, list.index)), delay);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      list.change({...list.state, ...item_filter.kAll, page: 0});
    });
    found.addEventListener("toggle", (event) => {
      if (event.target.open && event.target.matches("details.document")) list.fill(event.target);
    }, true);
    // Up and down go from row to row.
    found.addEventListener("keydown", (event) => {
      if (!event.target.matches("details.document > summary") || event.altKey || event.ctrlKey || event.metaKey) return;
      const rows = [...found.querySelectorAll("details.document > summary")];
      const steps = {ArrowDown: 1, ArrowUp: -1, Home: -rows.length, End: rows.length};
      if (!(event.key in steps)) return;
      event.preventDefault();
      const at = rows.indexOf(event.target) + steps[event.key];
      rows[Math.max(0, Math.min(rows.length - 1, at))].focus();
    });
    window.addEventListener("hashchange", () => list.follow_address());
  };

  // The list for browsers without scripts, for those that cannot unpack the data. Its markup is the page's own.
  const show_plain_list = (why) => {
    const template = document.createElement("template");
    template.innerHTML = section.querySelector("noscript").textContent;
    form.hidden = true;
    notice.replaceChildren(make("p", {class: "warning"}, `${why} These are some of them.`));
    found.replaceChildren(template.content);
  };

  const start = async () => {
    const list = new List(await item_data.open([...section.querySelectorAll("template.packed")]));
    item_form.build(form, list.index);
    connect(list);
    form.hidden = false;
    await list.follow_address();
    // Search should answer at once: what it needs is unpacked while nobody waits.
    (window.requestIdleCallback ?? setTimeout)(() => list.data.ready());
  };

  if (item_data.is_supported) {
    start().catch((error) => show_plain_list(`The items of this page could not be read (${error.message}).`));
  } else {
    show_plain_list("This browser cannot unpack the items of this page (no DecompressionStream).");
  }
})();
