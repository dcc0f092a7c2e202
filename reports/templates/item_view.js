// What an item looks like: its row in the list, and its texts when it is open. Texts only ever become text nodes.
const item_view = (() => {
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== undefined && child !== null && child !== ""));
    return element;
  };

  const mark_of = (look) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    element.setAttribute("class", `mark r${look}`);
    element.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#mark${look}`);
    element.append(use);
    return element;
  };

  const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

  // The text with what the search found in it.
  const found_in = (text, pattern) => {
    if (!pattern) return [text];
    const kMaxMarks = 500;
    const nodes = [];
    let end = 0;
    for (const found of text.matchAll(pattern)) {
      if (nodes.length > 2 * kMaxMarks) break;
      nodes.push(text.slice(end, found.index), make("mark", {}, found[0]));
      end = found.index + found[0].length;
    }
    return [...nodes, text.slice(end)];
  };

  const box = (content) => make("div", {class: "text", tabindex: "0"}, ...content);
  const left_out = (text) => Array.isArray(text)
    ? make("p", {class: "soft"}, `${count(text[1], "byte")} left out here`) : undefined;

  // A heading and a text; nothing when there is none.
  const titled = (level, title, text, pattern) => {
    const words = item_data.words_of(text);
    if (!words) return [];
    return [make(level, {}, title), left_out(text), box(found_in(words, pattern))];
  };

  const kLooks = {c: ["correct", "✓"], w: ["wrong", "✗"], u: ["unscored", "–"], e: ["error", "error"], m: ["missing", "·"]};
  const look_of = (verdict) => kLooks[verdict] ?? ["partial", String(Number(verdict.toPrecision(3)))];

  const verdict_of = (run, verdict) => {
    const [kind, sign] = look_of(verdict);
    return make("span", {class: `verdict ${kind}`, title: `${run.name}: ${kind}`}, mark_of(run.look),
                make("span", {"aria-hidden": "true"}, sign),
                make("span", {class: "unseen"}, `${run.name}: ${kind === "partial" ? sign : kind}; `));
  };

  // The end of the prompt from its last empty line on: the question without few-shot examples, on one line. A rolling
  // likelihood has its text in the answer.
  const question_of = ([prompt, , runs]) => {
    const exchange = runs.find((run) => Array.isArray(run) && run[2].length)?.[2][0];
    const prompts = [prompt, exchange?.[5], exchange?.[1]].map(item_data.words_of);
    const text = (prompts.find((words) => words.trim()) ?? "").trimEnd();
    return text.slice(text.lastIndexOf("\n\n") + 1).trim().replace(/\s+/g, " ").slice(0, 300);
  };

  // Where the search found something that the question does not show; nothing without a search.
  const excerpt_of = (texts, question, pattern) => {
    if (!pattern || question.search(pattern) >= 0) return undefined;
    const kBefore = 40;
    const kLength = 160;
    for (const text of item_data.texts_of(texts)) {
      const at = text.search(pattern);
      if (at < 0) continue;
      const from = Math.max(0, at - kBefore);
      const part = text.slice(from, from + kLength).toWellFormed?.() ?? text.slice(from, from + kLength);
      return make("span", {class: "excerpt"}, from > 0 ? "… " : "", ...found_in(part, pattern), " …");
    }
    return undefined;
  };

  const row = (item, texts, pattern) => {
    const question = question_of(texts);
    const verdicts = item.runs.map(({run, verdict}) => verdict_of(run, verdict));
    const summary = make("summary", {}, make("span", {class: "doc"}, String(item.doc)),
                         make("span", {class: "question"}, ...found_in(question, pattern)),
                         make("span", {class: "verdicts"}, ...verdicts), excerpt_of(texts, question, pattern));
    return make("details", {class: "document", "data-item": String(item.index)}, summary);
  };

  const exchange_view = ([flags, answer, logprob, finish, cut, prompt], pattern) => {
    const is_choice = flags & 1;
    const facts = make("div", {class: "facts"}, Array.isArray(answer) ? make("span", {class: "soft"}, `${count(answer[1], "byte")} left out`) : "",
                       flags & 2 ? make("span", {class: "badge correct"}, "expected") : "",
                       flags & 4 ? make("span", {class: "badge"}, "most likely") : "",
                       finish ? make("span", {class: "soft"}, item_data.words_of(finish)) : "",
                       logprob ? make("span", {class: "logprob", title: "natural logarithm of the probability"}, logprob) : "");
    const prompts = titled("h5", "Prompt", prompt, pattern);
    if (prompts.length) prompts.push(make("h5", {}, "Answer"));
    return [cut ? make("p", {class: "warning"}, cut) : "", ...prompts,
            make("div", {class: `exchange${is_choice ? " choice" : ""}${flags & 2 ? " target" : ""}`},
                 box(found_in(item_data.words_of(answer), pattern)), facts)];
  };

  const column = ({run, texts}, pattern) => {
    const heading = make("h4", {}, mark_of(run.look), run.name);
    const section = make("section", {class: "answer"}, heading);
    if (!Array.isArray(texts)) {
      section.append(make("p", {class: "soft"},
                          texts === 1 ? "Not among the items shown of this run." : "This run has no such document."));
      return section;
    }
    const [number, error, exchanges, scores] = texts;
    if (number !== null) heading.append(" ", make("small", {}, `document ${number} of this run`));
    if (error) section.append(make("p", {class: "warning"}, "Error: ", item_data.words_of(error)));
    for (const exchange of exchanges) section.append(...exchange_view(exchange, pattern).filter((child) => child));
    if (scores.length) {
      section.append(make("dl", {class: "scores"}, ...scores.map(([name, value, why]) =>
        make("div", {}, make("dt", {}, name),
             make("dd", {}, value, why ? make("small", {}, " ", item_data.words_of(why)) : "")))));
    }
    return section;
  };

  // A difference as text; what differs is struck out or underlined, and named for those who hear it.
  const difference_view = (difference) => make("div", {class: "text difference", tabindex: "0"}, ...difference.parts.map(([kind, text]) =>
    kind === "same" ? text : make(kind, {class: text.trim() ? undefined : "space"}, text)));

  const comparison = (title, first, second) => {
    const [before, after] = [first, second].map(item_data.words_of);
    if (before === after) return [];
    const difference = word_diff(before, after);
    const is_short = Array.isArray(first) || Array.isArray(second);
    const summary = make("summary", {}, title, " ", make("small", {},
      `${count(difference.removed, "word")} removed, ${count(difference.added, "word")} added`));
    return [make("details", {class: "comparison", open: title === "Difference of the answers"}, summary,
                 is_short ? make("p", {class: "soft"}, "Of the parts that are here.") : "",
                 difference.is_exact ? "" : make("p", {class: "soft"},
                   "These texts are long and differ nearly everywhere: not all words that they share are found."),
                 difference_view(difference))];
  };

  // How the second of the compared runs differs from the first; nothing for choices, whose texts are the same.
  const differences = (item) => {
    const [first, second] = ["first", "second"].map((name) => item.runs.find((one) => one[name]));
    if (!first || !second || !Array.isArray(first.texts) || !Array.isArray(second.texts)) return [];
    const views = [];
    first.texts[2].forEach((exchange, i) => {
      const other = second.texts[2][i];
      if (!other || exchange[0] & 1) return;
      views.push(...comparison("Difference of the answers", exchange[1], other[1]));
      if (exchange[5] !== null && other[5] !== null) views.push(...comparison("Difference of the prompts", exchange[5], other[5]));
    });
    if (!views.length) return [];
    const line = make("p", {class: "pair"}, make("del", {}, "Struck out"), ": only in", mark_of(first.run.look), first.run.name, "; ",
                      make("ins", {}, "underlined"), ": only in", mark_of(second.run.look), second.run.name);
    return [make("section", {class: "differences"}, line, ...views)];
  };

  const quoted = (word) => (/^[\w.,:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

  const links = (item, address) => {
    const button = make("button", {type: "button"}, "Copy link");
    button.addEventListener("click", async () => {
      const link = new URL(address, document.location.href).href;
      button.textContent = await navigator.clipboard?.writeText(link).then(() => "Copied", () => undefined) ?? link;
    });
    const run = item.runs.find(({texts}) => Array.isArray(texts));
    const number = run.texts[0] ?? item.doc;
    return make("p", {class: "links"}, make("a", {href: address}, "Link to this item"), button,
                make("code", {}, `bellwether show ${run.run.id} --item ${number} --task ${quoted(item.task.name)}`));
  };

  // The content of an open item. `item.runs` has the runs in the order of the columns, each with {run, verdict, texts,
  // first, second}.
  const body = (item, texts, pattern, address) => {
    const [prompt, expected] = texts;
    const beginning = item_data.words_of(item.task.beginning);
    const shared = beginning && make("details", {class: "folded"},
      make("summary", {}, `All prompts of this task begin with the same ${count(beginning.length, "character")}`), box([beginning]));
    const category = item.category ? make("p", {class: "soft"}, `Category: ${item.category}`) : "";
    return make("div", {class: "body"}, links(item, address), category, shared, ...titled("h4", "Prompt", prompt, pattern),
                ...titled("h4", "Expected", expected, pattern), ...differences(item),
                make("div", {class: "answers"}, ...item.runs.map((run) => column(run, pattern))));
  };

  return {make, mark_of, row, body, count};
})();
