"use strict";
// The page reads without this script: it opens documents late, filters and searches them.
(() => {
  // While scripts run, a browser keeps what is inside <noscript> as text. That makes thousands of documents cheap: their
  // markup, the same as without scripts, is built when they are opened.
  const fill = (doc) => {
    const waiting = doc.querySelector(":scope > noscript");
    if (!waiting) return;
    const template = document.createElement("template");
    template.innerHTML = waiting.textContent;
    waiting.replaceWith(template.content);
  };

  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches("details.document")) fill(event.target);
  }, true);

  const characters = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&"};
  const text_of = (doc) => {
    const waiting = doc.querySelector(":scope > noscript");
    const text = waiting
      ? waiting.textContent.replace(/<[^>]*>/g, " ").replace(/&(?:lt|gt|quot|#39|amp);/g, (name) => characters[name])
      : doc.textContent;
    return text.toLowerCase();
  };

  for (const task of document.querySelectorAll("details.task")) {
    const tools = task.querySelector("form.tools");
    const search = tools.querySelector("input[type=search]");
    const output = tools.querySelector("output");
    const docs = [...task.querySelectorAll("details.document")];
    const texts = new Map();

    const apply = () => {
      const wanted = tools.querySelector("input[type=radio]:checked").value;
      const words = search.value.toLowerCase();
      let shown = 0;
      for (const doc of docs) {
        let match = wanted === "all" || doc.dataset.is.split(" ").includes(wanted);
        if (match && words) {
          if (!texts.has(doc)) texts.set(doc, text_of(doc));
          match = texts.get(doc).includes(words);
        }
        doc.hidden = !match;
        shown += match ? 1 : 0;
      }
      output.value = `${shown} of ${docs.length}`;
    };

    let waiting = 0;
    tools.addEventListener("input", (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, event.target === search ? 150 : 0);
    });
    tools.addEventListener("submit", (event) => event.preventDefault());
    docs.filter((doc) => doc.open).forEach(fill);
    tools.hidden = false;
    apply();
  }
})();
