// Messages stand beside the control they concern: each column has a place for them, and what Gradio would show in a
// toast at the top right, over Generate, goes to the place that is nearest to what the visitor used last.
let place = null;

const visible = (node) => node.getClientRects().length > 0;

function nearestPlace(control) {
  for (let node = control; node; node = node.parentElement) {
    const found = [...node.querySelectorAll(".said")].find((one) => visible(one.closest(".column, .tabitem")));
    if (found) return found;
  }
  return null;
}

function say(text) {
  if (!place) return false;
  const line = document.createElement("p");
  line.textContent = text;
  place.append(line);
  return true;
}

function noteAction(event) {
  const control = event.target.closest("button, input, textarea, label, [role=button], [tabindex]");
  if (!control || control.closest(".toast-body") || (event.type === "click" && !event.isTrusted)) return;
  place = nearestPlace(control); // now: an upload's own input is gone when its message comes
  document.querySelectorAll(".said p").forEach((line) => line.remove());
}

for (const kind of ["click", "change", "drop"]) document.addEventListener(kind, noteAction, true);

function lines(html) {
  const box = document.createElement("template"); // no part of the page: nothing in it loads or runs
  box.innerHTML = html.replaceAll("<br>", "\n");
  return box.content.textContent.split("\n");
}

function takeToasts() {
  for (const text of document.querySelectorAll("[data-testid=toast-text]:not([data-taken])")) {
    text.dataset.taken = "";
    if (lines(text.innerHTML).map(say).every(Boolean)) text.closest(".toast-body").querySelector(".toast-close").click();
  }
}

new MutationObserver((changes) => {
  if (changes.some((one) => one.addedNodes.length)) requestAnimationFrame(takeToasts);
}).observe(document.body, { childList: true, subtree: true });
