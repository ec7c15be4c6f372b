// Names for screen readers: Gradio calls the buttons of every tile, and every thumbnail, the same.
const NAMES = {
  "Remove Image": "remove photo",
  "Upload file": "choose a photo",
  "Paste from clipboard": "paste a photo",
  "Capture from camera": "take a photo",
};

function nameAll() {
  for (const tile of document.querySelectorAll(".tile")) {
    const title = tile.querySelector("[data-testid=block-label]")?.textContent.trim();
    for (const button of title ? tile.querySelectorAll("button[aria-label]") : []) {
      const does = NAMES[button.getAttribute("aria-label")];
      if (does) button.setAttribute("aria-label", `${title}, ${does}`);
    }
    const drop = tile.querySelector("[data-testid=upload-text]")?.closest("button");
    if (title && drop) drop.setAttribute("aria-label", `${title}, add photo`);
  }
  for (const thumbnail of document.querySelectorAll("button[aria-label^=Thumbnail]")) {
    const picture = thumbnail.querySelector("img"), caption = thumbnail.querySelector(".caption-label");
    if (picture?.alt) thumbnail.setAttribute("aria-label", picture.alt);
    if (picture && caption) picture.alt = ""; // the caption says it
  }
  for (const empty of document.querySelectorAll(".empty[aria-label]:not([role])")) empty.setAttribute("role", "img");
  for (const code of document.querySelectorAll(".cm-scroller[tabindex='-1']")) code.tabIndex = 0; // it scrolls
}

let due = false;
new MutationObserver(() => {
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; nameAll(); });
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label", "alt"] });
nameAll();

// The first Tab leads to the links that skip what is above the controls.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".skip");
  if (!link) return;
  event.preventDefault();
  const goal = [...document.querySelectorAll(link.dataset.goal)].find((one) => one.getClientRects().length > 0);
  goal?.focus();
  goal?.scrollIntoView({ block: "nearest" });
});
