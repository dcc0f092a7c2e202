// The form above the items: what it offers, what it says, and what each choice would find.
const item_form = (() => {
  const {make, mark_of} = item_view;
  const kSelects = ["task", "category", "problem"];

  const offer = (select, values) => select?.replaceChildren(...values.map(([value, label]) =>
    make("option", {value, "data-label": label}, label)));

  const build = (form, index) => {
    const outcomes = form.querySelector(".outcomes");
    outcomes.append(...item_filter.outcomes(index).map(([value, label]) =>
      make("label", {}, make("input", {type: "radio", name: "show", value}), make("span", {}, label, " ", make("small", {})))));
    const names = {
      task: index.tasks.map((task) => task.slug),
      category: index.categories.filter((name) => name).sort(),
      problem: index.problems,
    };
    for (const key of kSelects) {
      const select = form.elements[key];
      offer(select, [["", "all"], ...names[key].map((name) => [name, name])]);
      select.closest("label").hidden = names[key].length < (key === "task" ? 2 : 1);
    }
    for (const key of ["a", "b"]) offer(form.elements[key], index.runs.map((run) => [run.id, run.name]));
    if (index.runs.length !== 2) return;
    const [first, second] = index.runs;
    outcomes.before(make("p", {class: "pair"}, "First: ", mark_of(first.look), first.name, ", second: ",
                         mark_of(second.look), second.name));
  };

  const show_state = (form, state, index) => {
    form.elements.q.value = state.q;
    for (const key of kSelects) form.elements[key].value = state[key];
    for (const input of form.querySelectorAll("input[type=radio]")) input.checked = input.value === state.show;
    for (const key of ["a", "b"]) {
      if (form.elements[key]) form.elements[key].value = index.runs[state[key]].id;
    }
  };

  const show_counts = (form, counts) => {
    const text = (key, value) => (counts[key].get(value) ?? 0).toLocaleString("en");
    for (const input of form.querySelectorAll("input[type=radio]")) {
      input.nextElementSibling.querySelector("small").textContent = text("show", input.value);
    }
    for (const key of kSelects) {
      for (const option of form.elements[key].options) option.textContent = `${option.dataset.label} (${text(key, option.value)})`;
    }
  };

  // The state that the form asks for. A run that is chosen twice takes the other's place.
  const read = (form, before, index) => {
    const values = new FormData(form);
    const state = {...before, page: 0};
    for (const key of ["q", "show", ...kSelects]) state[key] = values.get(key) ?? "";
    if (!form.elements.a) return state;
    state.a = item_address.run_numbered(index, values.get("a"), 0);
    state.b = item_address.run_numbered(index, values.get("b"), 1);
    if (state.a === state.b && state.a === before.a) state.a = before.b;
    else if (state.a === state.b) state.b = before.a;
    return state;
  };

  return {build, show_state, show_counts, read};
})();
