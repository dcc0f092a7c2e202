// Live numbers by server-sent events. Only the numbers change, so that nothing that is being typed is lost.
const note = document.getElementById("live");
const source = new EventSource("/lead/events");

source.addEventListener("message", (event) => {
  const cells = JSON.parse(event.data);
  let isMissing = false;
  for (const [key, text] of Object.entries(cells)) {
    const cell = document.querySelector(`[data-live="${CSS.escape(key)}"]`);
    if (!cell) isMissing = true;
    else if (cell.textContent !== text) cell.textContent = text;
  }
  // A rater who was invited elsewhere has no row yet.
  note.textContent = isMissing ? "Live. Load the page again to see new raters." : "Live";
});
source.addEventListener("error", () => {
  note.textContent = "Not live: the connection was lost. Trying again.";
});
