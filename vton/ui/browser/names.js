// Names for screen readers: Gradio calls the buttons of every tile, and every thumbnail, the same.
const NAMES = {
  "Remove Image": "remove-photo",
  "Upload file": "choose-photo",
  "Paste from clipboard": "paste-photo",
  "Capture from camera": "take-photo",
};
const { say, renamed } = window.outfitStudio;

function rename(node, attribute, name) {
  if (node.getAttribute(attribute) !== name) node.setAttribute(attribute, name); // each change calls `nameAll` again
}

function renameOthers() {
  for (const attribute of ["aria-label", "title"])
    for (const node of document.querySelectorAll(`[${attribute}]`)) {
      const name = node.getAttribute(attribute);
      if (attribute === "aria-label" && name in NAMES && node.closest(".tile")) continue; // waits for the tile's title
      rename(node, attribute, renamed(name));
    }
}

function nameAll() {
  for (const tile of document.querySelectorAll(".tile")) {
    const title = tile.querySelector("[data-testid=block-label]")?.textContent.trim();
    for (const button of title ? tile.querySelectorAll("button[aria-label]") : []) {
      const does = NAMES[button.getAttribute("aria-label")];
      if (!does) continue;
      button.dataset.does = does;
      button.setAttribute("aria-label", say(`names.${does}`, { tile: title }));
    }
    const drop = tile.querySelector("[data-testid=upload-text]")?.closest("button");
    if (title && drop) rename(drop, "aria-label", say("names.add-photo", { tile: title }));
  }
  for (const thumbnail of document.querySelectorAll("button[aria-label^=Thumbnail], button[data-numbered]")) {
    const picture = thumbnail.querySelector("img"), caption = thumbnail.querySelector(".caption-label");
    thumbnail.dataset.numbered = ""; // so it is found again when it has its picture
    if (picture?.alt) rename(thumbnail, "aria-label", picture.alt);
    if (caption && picture?.alt) picture.alt = ""; // the caption says it
  }
  renameOthers();
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
