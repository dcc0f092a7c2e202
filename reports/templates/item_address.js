// The state of the list in the page's address: #items?q=…&show=…, or #item-TASK-DOCUMENT?… with an item to open. Runs are
// named by their numbers in the database.
const item_address = (() => {
  const run_numbered = (index, id, otherwise) => {
    const at = index.runs.findIndex((run) => String(run.id) === id);
    return at < 0 ? otherwise : at;
  };

  // {state, key}: the key of the item to open, undefined for none. What the page does not know is as if it were not there.
  const read = (hash, index) => {
    const [name, query] = hash.slice(1).split(/\?(.*)/s);
    const values = new URLSearchParams(query ?? "");
    const value = (key, allowed) => (allowed.includes(values.get(key)) ? values.get(key) : "");
    const a = run_numbered(index, values.get("a"), 0);
    const b = run_numbered(index, values.get("b"), 1);
    const state = {
      q: values.get("q") ?? "", a, b: a === b ? Number(a === 0) : b,
      show: value("show", item_filter.outcomes(index).map(([key]) => key)) || "all",
      task: value("task", index.tasks.map((task) => task.slug)),
      category: value("category", index.categories),
      problem: value("problem", index.problems),
      page: Math.max(0, (Number.parseInt(values.get("page"), 10) || 1) - 1),
    };
    if (!name.startsWith("item-")) return {state};
    try {
      return {state, key: decodeURIComponent(name.slice(5))};
    } catch {
      return {state, key: ""};
    }
  };

  const write = (name, state, index) => {
    const query = new URLSearchParams();
    for (const key of ["q", "show", "task", "category", "problem"]) {
      if (state[key] && state[key] !== "all") query.set(key, state[key]);
    }
    if (state.a) query.set("a", index.runs[state.a].id);
    if (item_filter.is_pair(index) && state.b !== 1) query.set("b", index.runs[state.b].id);
    if (state.page) query.set("page", state.page + 1);
    return `#${name}${[...query].length ? `?${query}` : ""}`;
  };

  const of_item = (item, {a, b}, index) => write(`item-${encodeURIComponent(item.key)}`, {a, b}, index);

  return {read, write, of_item, run_numbered};
})();
