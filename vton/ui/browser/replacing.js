// The upload icon of a tile opens the file dialog. Gradio's own click empties the tile, and shows the drop area alone.
const ICON = ".tile button[data-does=choose-photo], .tile button[aria-label='Upload file']";

document.addEventListener("click", (event) => {
  const tile = event.target.closest?.(ICON)?.closest(".tile");
  if (!tile) return;
  const input = () => tile.querySelector("input[type=file]");
  if (tile.querySelector(".image-frame img") && input()) {
    event.stopImmediatePropagation(); // the photo stays when nothing is chosen
    input().click();
  } else setTimeout(() => input()?.click(), 0); // after Gradio has shown the drop area
}, true);
