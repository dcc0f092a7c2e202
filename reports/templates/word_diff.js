// The difference of two texts, word by word: the fewest words removed and added (E. W. Myers, "An O(ND) difference
// algorithm and its variations", Algorithmica 1986, the variant in linear space). White space is no word: it is shown as
// removed and added where it alone differs.
const word_diff = (() => {
  // Scripts that are written without spaces are compared character by character. Marks stay with their character.
  const kWords = new RegExp([
    "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]\\p{M}*",
    "[\\p{L}\\p{M}\\p{N}_]+?(?=[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}])",
    "[\\p{L}\\p{M}\\p{N}_]+(?:['’][\\p{L}\\p{M}\\p{N}_]+)*",
    "\\p{RI}\\p{RI}",
    "[^\\s](?:[\\p{M}\\p{Emoji_Modifier}]|\\u200D[^\\s])*",
  ].join("|"), "gu");
  // Steps of the search, a quarter of a second. What 20,000 bytes of prose need is less.
  const kMaxSteps = 3e7;

  // Words with the white space before each; what follows the last word is `tail`.
  const split = (text) => {
    const words = [];
    const gaps = [];
    let end = 0;
    for (const found of text.matchAll(kWords)) {
      words.push(found[0]);
      gaps.push(text.slice(end, found.index));
      end = found.index + found[0].length;
    }
    return {words, gaps, tail: text.slice(end)};
  };

  // Equal words have equal numbers.
  const numbered = (words, numbers) => Int32Array.from(words, (word) => {
    if (!numbers.has(word)) numbers.set(word, numbers.size);
    return numbers.get(word);
  });

  // A stretch of equal words in the middle of a shortest edit of box.a0 to a1 into b0 to b1: its begin and end from a0
  // and b0; none when the steps are used up. `forward` has on each diagonal k = x - y how far an edit of d words reaches
  // from the beginning, `backward` how far from the end.
  const middle = (a, b, {a0, a1, b0, b1}, work) => {
    const n = a1 - a0;
    const m = b1 - b0;
    const delta = n - m;
    const is_odd = delta % 2 !== 0;
    const {forward, backward, center} = work;
    forward[center + 1] = 0;
    backward[center + 1] = 0;
    for (let d = 0; d <= Math.ceil((n + m) / 2); ++d) {
      const low = -(d - 2 * Math.max(0, d - m));
      const high = d - 2 * Math.max(0, d - n);
      for (const [reach, other, is_forward] of [[forward, backward, true], [backward, forward, false]]) {
        for (let k = low; k <= high; k += 2) {
          const at = center + k;
          let x = k === -d || (k !== d && reach[at - 1] < reach[at + 1]) ? reach[at + 1] : reach[at - 1] + 1;
          const from = x;
          if (is_forward) {
            while (x < n && x - k < m && a[a0 + x] === b[b0 + x - k]) ++x;
          } else {
            while (x < n && x - k < m && a[a1 - 1 - x] === b[b1 - 1 - x + k]) ++x;
          }
          reach[at] = x;
          work.steps -= 1 + x - from;
          // The other direction has done d - 1 words when this is the forward one, and d words otherwise.
          const done = is_forward ? d - 1 : d;
          const meets = is_odd === is_forward && Math.abs(delta - k) <= done && x + other[center + delta - k] >= n;
          if (meets) {
            return is_forward ? {x0: from, y0: from - k, x1: x, y1: x - k}
                              : {x0: n - x, y0: m - x + k, x1: n - from, y1: m - from + k};
          }
        }
      }
      if (work.steps < 0) return undefined;
    }
    return undefined;
  };

  // Marks in `removed` and `added` the words of a and b that are not in both; false when it would take too long, and
  // then whole stretches are marked.
  const mark = (a, b, removed, added) => {
    const size = a.length + b.length + 3;
    const work = {forward: new Int32Array(2 * size), backward: new Int32Array(2 * size), center: size, steps: kMaxSteps};
    const boxes = [{a0: 0, a1: a.length, b0: 0, b1: b.length}];
    let is_exact = true;
    while (boxes.length) {
      const box = boxes.pop();
      while (box.a0 < box.a1 && box.b0 < box.b1 && a[box.a0] === b[box.b0]) { ++box.a0; ++box.b0; }
      while (box.a0 < box.a1 && box.b0 < box.b1 && a[box.a1 - 1] === b[box.b1 - 1]) { --box.a1; --box.b1; }
      const both = box.a0 < box.a1 && box.b0 < box.b1;
      const snake = both && work.steps > 0 ? middle(a, b, box, work) : undefined;
      if (snake) {
        boxes.push({...box, a1: box.a0 + snake.x0, b1: box.b0 + snake.y0});
        boxes.push({...box, a0: box.a0 + snake.x1, b0: box.b0 + snake.y1});
        continue;
      }
      if (both) is_exact = false;
      removed.fill(1, box.a0, box.a1);
      added.fill(1, box.b0, box.b1);
    }
    return is_exact;
  };

  // {parts: [["same" | "del" | "ins", text]], removed, added: numbers of words, is_exact}. The same and del parts together
  // are `before`, the same and ins parts `after`.
  return (before, after) => {
    const from = split(before);
    const to = split(after);
    const numbers = new Map();
    const removed = new Uint8Array(from.words.length);
    const added = new Uint8Array(to.words.length);
    const is_exact = mark(numbered(from.words, numbers), numbered(to.words, numbers), removed, added);
    const parts = [];
    const add = (kind, text) => {
      if (!text) return;
      if (parts.length && parts[parts.length - 1][0] === kind) parts[parts.length - 1][1] += text;
      else parts.push([kind, text]);
    };
    const add_both = (old_text, new_text) => {
      if (old_text === new_text) return add("same", old_text);
      add("del", old_text);
      return add("ins", new_text);
    };
    for (let i = 0, j = 0; i < removed.length || j < added.length;) {
      if (i < removed.length && removed[i]) {
        add("del", from.gaps[i] + from.words[i]);
        ++i;
      } else if (j < added.length && added[j]) {
        add("ins", to.gaps[j] + to.words[j]);
        ++j;
      } else {
        add_both(from.gaps[i], to.gaps[j]);
        add("same", from.words[i]);
        ++i;
        ++j;
      }
    }
    add_both(from.tail, to.tail);
    const count = (flags) => flags.reduce((sum, flag) => sum + flag, 0);
    return {parts, removed: count(removed), added: count(added), is_exact};
  };
})();
