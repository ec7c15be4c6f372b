// The upload icon of a tile opens the file dialog, also of a tile that holds a photo: Gradio's own shows the drop area alone.
const ICON = ".tile button[data-does=choose-photo], .tile button[aria-label='Upload file']";
const PATIENCE = 40; // times 50 ms, until an emptied tile has its drop area
const REST = 400; // ms until the server has answered that the tile is empty

const filled = (tile) => tile.querySelector(".image-frame img") !== null;

function choose(tile) {
  const own = tile.querySelector("input[type=file]");
  if (own && !filled(tile)) { own.click(); return; } // the input of a filled tile uploads, and shows nothing of it
  const other = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
  other.addEventListener("change", () => other.files.length && replace(tile, other.files));
  other.click(); // the old photo stays when nothing is chosen
}

function replace(tile, files) {
  tile.querySelector("button[data-does=remove-photo], button[aria-label='Remove Image']")?.click();
  setTimeout(() => place(tile, files, PATIENCE), REST);
}

function place(tile, files, left) {
  const input = tile.querySelector("input[type=file]");
  if (!input || filled(tile)) {
    if (left > 0) setTimeout(() => place(tile, files, left - 1), 50);
    return;
  }
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const icon = event.target.closest?.(ICON);
  if (icon) setTimeout(() => choose(icon.closest(".tile")), 0); // after Gradio has shown the drop area
});
