// The items of the index, and which of them a state of the form finds. A state is {q, show, task, category, problem: the
// values of the form's fields, a, b: numbers of the compared runs, page: from 0}.
const item_filter = (() => {
  const kOfOne = [["all", "all"], ["right", "right"], ["wrong", "wrong"], ["between", "in between"], ["error", "error"]];
  const kOfTwo = [["all", "all"], ["first", "first right, second wrong"], ["second", "first wrong, second right"],
                  ["neither", "both wrong"], ["both", "both right"], ["differs", "scores differ"], ["error", "error"]];
  const kAll = {q: "", show: "all", task: "", category: "", problem: ""};
  const is_pair = (index) => index.runs.length > 1;
  const outcomes = (index) => (is_pair(index) ? kOfTwo : kOfOne);

  const outcomes_of_one = (verdict) => {
    const names = {c: ["right"], w: ["wrong"], e: ["error"]};
    return typeof verdict === "number" ? ["between"] : names[verdict] ?? [];
  };
  const outcomes_of_two = (first, second) => {
    const names = {cw: ["first"], wc: ["second"], ww: ["neither"], cc: ["both"]}[`${first}${second}`] ?? [];
    const differs = first !== second && first !== "m" && second !== "m" ? ["differs"] : [];
    return [...names, ...differs, ...(first === "e" || second === "e" ? ["error"] : [])];
  };

  const items_of = (index) => {
    const items = [];
    for (const task of index.tasks) {
      for (let i = 0; i < task.count; ++i) {
        const [doc, side, category, verdicts, problems] = index.documents[items.length];
        items.push({index: items.length, doc, task, verdicts, category: index.categories[category],
                    problems: problems.map((number) => index.problems[number]),
                    key: `${task.slug}-${doc}${side ? `.${side}` : ""}`});
      }
    }
    return items;
  };

  const verdict_in = (item, run) => {
    const at = item.task.runs.indexOf(run);
    return at < 0 ? "m" : item.verdicts[at];
  };

  // What all filters of the state together find, and for each what each of its choices would find with the others.
  // `matches` has flags of the items that the search found; none: no search.
  const find = (items, index, state, matches) => {
    const counts = {show: new Map(), task: new Map(), category: new Map(), problem: new Map()};
    const keys = Object.keys(counts);
    const all = [];
    for (const item of items) {
      if (matches && !matches[item.index]) continue;
      const first = verdict_in(item, state.a);
      const shows = is_pair(index) ? outcomes_of_two(first, verdict_in(item, state.b)) : outcomes_of_one(first);
      const has = {show: ["all", ...shows], task: ["", item.task.slug],
                   category: item.category ? ["", item.category] : [""], problem: ["", ...item.problems]};
      const misses = keys.filter((key) => !has[key].includes(state[key]));
      if (misses.length > 1) continue;
      for (const key of misses.length ? misses : keys) {
        for (const value of has[key]) counts[key].set(value, (counts[key].get(value) ?? 0) + 1);
      }
      if (!misses.length) all.push(item);
    }
    return {all, counts};
  };

  return {kAll, is_pair, outcomes, items_of, verdict_in, find};
})();
