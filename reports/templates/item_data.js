// The packed items of the page (reports/formats/item_json.hpp says what is in them), and the search in their texts.
const item_data = (() => {
  const inflate = async (element) => {
    const bytes = Uint8Array.from(atob(element.content.textContent), (character) => character.charCodeAt(0));
    element.remove();
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  };

  // Capital and small letters alike, in every script, with their marks; any white space as one blank.
  const fold = (text) => {
    const is_ascii = /^[\x00-\x7f]*$/.test(text);
    const letters = is_ascii
      ? text.toLowerCase()
      : text.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC").replaceAll("ς", "σ");
    return letters.replace(/\s+/g, " ");
  };

  // Words, and what stands in quotes: all must occur.
  const terms_of = (query) => [...query.matchAll(/"([^"]*)"?|([^\s"]+)/g)]
    .map((found) => (found[1] ?? found[2]).trim())
    .filter((term) => term);

  // Where a term stands in a text as written; none for no term.
  const pattern_of = (query) => {
    const terms = terms_of(query).map((term) => term
      .replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
      .replace(/\s+/g, "\\s+"));
    return terms.length ? new RegExp(terms.join("|"), "giu") : null;
  };

  const words_of = (text) => (Array.isArray(text) ? text[0] : text) ?? "";

  // The texts of a document that are searched, first those of the prompt.
  const texts_of = ([prompt, expected, runs]) => {
    const texts = [words_of(prompt), words_of(expected)];
    for (const run of runs) {
      if (!Array.isArray(run)) continue;
      texts.push(words_of(run[1]));
      for (const [, answer, , , , own_prompt] of run[2]) texts.push(words_of(own_prompt), words_of(answer));
    }
    return texts.filter((text) => text);
  };

  const open = async (elements) => {
    const index = await inflate(elements[0]);
    const first = index.parts;
    const parts = new Array(first.length);
    const folded = new Array(index.documents.length);

    const part_of = (document_index) => {
      let low = 0;
      for (let high = first.length; high - low > 1;) {
        const half = (low + high) >> 1;
        if (first[half] <= document_index) low = half;
        else high = half;
      }
      return low;
    };
    const part = (number) => (parts[number] ??= inflate(elements[number + 1]));

    let all;
    const fold_all = async () => {
      for (let number = 0; number < first.length; ++number) {
        const documents = await part(number);
        documents.forEach((texts, i) => { folded[first[number] + i] = fold(texts_of(texts).join("\u0000")); });
      }
    };

    return {
      index,
      // The texts of one document.
      async texts(document_index) {
        const number = part_of(document_index);
        return (await part(number))[document_index - first[number]];
      },
      // Reads everything that search needs; the first call takes a while.
      ready: () => (all ??= fold_all()),
      // After ready(): flags of the documents that have all terms.
      search(query) {
        const terms = terms_of(query).map(fold);
        return Uint8Array.from(folded, (text) => (terms.every((term) => text.includes(term)) ? 1 : 0));
      },
    };
  };

  return {open, texts_of, pattern_of, words_of, is_supported: typeof DecompressionStream !== "undefined"};
})();
